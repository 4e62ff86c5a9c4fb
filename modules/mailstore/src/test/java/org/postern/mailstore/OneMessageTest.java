package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Multirange;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.ScratchDatabase;

/**
 * What is done to one message reads as many rows in a folder of 100,000 as in one of 1,000: PostgreSQL counts them, whatever plans it
 * has chosen, those inside its functions too.
 */
class OneMessageTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000);
    /** Of any table, by scans of any kind. */
    private static final String ROWS_READ = """
            SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables
             WHERE schemaname = current_schema()""";
    /** More than what any of them reads, less than one page of messages. */
    private static final long FEW = 25;

    private static final Map<Integer, FolderId> FOLDERS = new TreeMap<>();

    private static final AtomicInteger WORKS = new AtomicInteger();

    private static Store store;

    @BeforeAll
    static void fill() {
        store = new Store(SCRATCH.database());
        for (int size : SIZES) {
            var mailbox = store.mailbox();
            store.append(mailbox, "INBOX", Store.numbered(1, SystemFlag.DELETED));
            var inbox = store.inbox(mailbox);
            FOLDERS.put(size, inbox);
            multiply(inbox, size);
        }
        store.database.transact(tx -> tx.update("ANALYZE message"));
    }

    @AfterAll
    static void close() {
        store.close();
    }

    /** The first message again and again, all with one content. */
    private static void multiply(FolderId folder, int size) {
        store.database.transact(tx -> {
            tx.update("""
                    INSERT INTO message (mailbox_id, folder_id, uid, content_id, modseq, internal_date, size, flags)
                    SELECT m.mailbox_id, m.folder_id, g, m.content_id, m.modseq, m.internal_date, m.size, m.flags
                      FROM message m CROSS JOIN generate_series(2, ?) g
                     WHERE m.mailbox_id = ? AND m.folder_id = ?""", size, folder.mailbox().value(), folder.id());
            tx.update("""
                    UPDATE mailbox_usage u SET bytes = f.size * ?, messages = ?
                      FROM folder f WHERE f.mailbox_id = u.mailbox_id AND f.mailbox_id = ? AND f.folder_id = ?""", size, size, folder.mailbox().value(), folder.id());
            return tx.update("""
                    UPDATE folder SET uid_next = ? + 1, message_count = ?, deleted_count = ?, unseen_count = ?,
                                      size = size * ?
                     WHERE mailbox_id = ? AND folder_id = ?""", size, size, size, size, size, folder.mailbox().value(), folder.id());
        });
    }

    private interface Work {
        void on(Tx tx, FolderId folder, UidSet message) throws SQLException;
    }

    /** The work on a message in the middle, each time on another: what is done stands. */
    private static void readsFew(Work work) {
        int nth = 2 * WORKS.getAndIncrement();
        FOLDERS.forEach((size, folder) -> {
            long rows = store.database.transact(tx -> {
                long before = tx.one(ROWS_READ, row -> row.longValue(1));
                work.on(tx, folder, UidSet.of(size / 2 + nth));
                return tx.one(ROWS_READ, row -> row.longValue(1)) - before;
            });
            assertThat(rows).as("rows read in a folder of " + size).isBetween(1L, FEW);
        });
    }

    @Test
    @DisplayName("STORE of one message")
    void stores() {
        readsFew((tx, folder, message) -> tx.list(
                "SELECT * FROM change_flags(?, ?, ?, 'a', 4, 0, ?, false, NULL, 10, 10)",
                row -> row.text(1),
                folder.mailbox().value(),
                folder.id(),
                Multirange.of(message),
                new String[] {"work"}));
    }

    @Test
    @DisplayName("FETCH of one message, whole")
    void fetches() {
        readsFew((tx, folder, message) -> tx.list(
                Contents.batchSql(EnumSet.allOf(ContentPart.class)),
                row -> row.longValue(1),
                Multirange.of(message),
                folder.mailbox().value(),
                folder.id(),
                Contents.BATCH_MESSAGES,
                Contents.BATCH_BYTES));
    }

    @Test
    @DisplayName("APPEND of one message")
    void appends() {
        readsFew((tx, folder, _) -> {
            try {
                var columns = MessageColumns.written(
                        folder.mailbox(), List.of(Store.numbered(2)), new ContentWriter(store.database));
                tx.one(
                        "SELECT append_to_folder(?, 'INBOX', ?, ?, 10, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                        row -> row.longs(1),
                        folder.mailbox().value(),
                        StorageLimit.NONE.bytes(),
                        Long.MAX_VALUE,
                        columns.contents,
                        columns.sizes,
                        columns.headers,
                        columns.envelopes,
                        columns.structures,
                        columns.previews,
                        columns.bodies,
                        columns.dates,
                        columns.flags,
                        columns.keywords);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Test
    @DisplayName("COPY and MOVE of one message, EXPUNGE of one")
    void leaves() {
        readsFew((tx, folder, message) -> carry(tx, folder, message, false));
        readsFew((tx, folder, message) -> carry(tx, folder, message, true));
        readsFew((tx, folder, message) -> tx.one(
                "SELECT * FROM expunge_messages(?, ?, ?, false)",
                row -> row.text(1),
                folder.mailbox().value(),
                folder.id(),
                Multirange.of(UidSet.of(message.min() + 1))));
    }

    private static void carry(Tx tx, FolderId folder, UidSet message, boolean move) throws SQLException {
        tx.one(
                "SELECT * FROM carry_messages(?, ?, ?, ?, 'Archive', '{}', '{}', 31, true, ?, ?, ?, 10)",
                row -> row.text(1),
                folder.mailbox().value(),
                folder.id(),
                Multirange.of(message),
                folder.mailbox().value(),
                move,
                StorageLimit.NONE.bytes(),
                Long.MAX_VALUE);
    }
}
