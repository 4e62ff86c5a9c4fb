package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.ContentId;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

@DisplayName("Large bodies in pieces")
class ContentPiecesTest {
    private static final int PIECE = ContentWriter.PIECE_BYTES;
    private static final byte[] HEADER =
            "Subject: in pieces\r\nContent-Type: application/octet-stream\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final MailboxId mailbox;
    private final FolderId inbox;

    ContentPiecesTest(Store store) {
        this.store = store;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    @AfterEach
    void allIsWell() {
        assertThat(store.violations()).isEmpty();
    }

    private static byte[] message(int body) {
        var bytes = new byte[HEADER.length + body];
        new Random(body).nextBytes(bytes);
        System.arraycopy(HEADER, 0, bytes, 0, HEADER.length);
        return bytes;
    }

    private ContentId stored(byte[] bytes) {
        var appended = store.append(mailbox, "INBOX", Store.message(bytes, Flags.NONE));
        return new ContentId(store.database.once(tx -> tx.one(
                "SELECT content_id FROM message WHERE mailbox_id = ? AND uid = ?",
                row -> row.longValue(1),
                mailbox.value(),
                appended.uids().min())));
    }

    private long pieces() {
        return store.database.once(tx -> tx.one(
                "SELECT count(*) FROM content_piece WHERE mailbox_id = ?", row -> row.longValue(1), mailbox.value()));
    }

    private byte[] read(ContentId content, long from, long length) throws IOException {
        var out = new ByteArrayOutputStream();
        assertThat(store.contents.stream(mailbox, content, from, length, out)).isTrue();
        return out.toByteArray();
    }

    @Test
    @DisplayName(
            "a body is in pieces from one byte over the bound on, and comes back whole, whatever is left for its last piece")
    void bounds() throws IOException {
        for (int body : new int[] {
            FolderStore.LARGE_BYTES, FolderStore.LARGE_BYTES + 1, 33 * PIECE - 1, 33 * PIECE, 33 * PIECE + 1
        }) {
            long before = pieces();
            var bytes = message(body);
            var content = stored(bytes);
            assertThat(pieces() - before).isEqualTo(body > FolderStore.LARGE_BYTES ? Math.ceilDiv(body, PIECE) : 0);
            assertThat(read(content, 0, Long.MAX_VALUE)).isEqualTo(bytes);
        }
    }

    @Test
    @DisplayName("any part of it is read as of any other message, beyond its end nothing")
    void parts() throws IOException {
        var bytes = message(40 * PIECE + 77);
        var content = stored(bytes);
        var random = new Random(1);
        for (int n = 0; n < 100; n++) {
            int from = random.nextInt(bytes.length + 10);
            int length = random.nextInt(1 + random.nextInt(bytes.length));
            int start = Math.min(from, bytes.length);
            assertThat(read(content, from, length))
                    .as("%d bytes from %d", length, from)
                    .isEqualTo(Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + length)));
        }
        for (int from :
                new int[] {0, HEADER.length - 1, HEADER.length, HEADER.length + PIECE - 1, HEADER.length + PIECE}) {
            assertThat(read(content, from, 1)).containsExactly(bytes[from]);
        }
        assertThat(read(content, bytes.length, 1)).isEmpty();
        try (var in = store.contents.bytes(mailbox, content, bytes.length).open(10, 39L * PIECE)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 10, 10 + 39 * PIECE));
        }
    }

    @Test
    @DisplayName("one of more pieces than a single COPY sends")
    void twoCopies() throws IOException {
        var bytes = message(1901 * PIECE + 5);
        assertThat(read(stored(bytes), 0, Long.MAX_VALUE)).isEqualTo(bytes);
        assertThat(pieces()).isEqualTo(1902);
    }

    @Test
    @DisplayName("those stored in their row before there were pieces are read, copied and swept as they are")
    void inTheirRow() throws IOException {
        var bytes = message(500_000);
        var content = stored(bytes);
        store.database.transact(tx -> {
            tx.update("""
                    UPDATE content c SET body = (SELECT string_agg(p.bytes, '' ORDER BY p.piece) FROM content_piece p
                                                  WHERE p.mailbox_id = c.mailbox_id AND p.content_id = c.content_id)
                     WHERE mailbox_id = ? AND content_id = ?""", mailbox.value(), content.value());
            return tx.update("DELETE FROM content_piece WHERE mailbox_id = ?", mailbox.value());
        });
        assertThat(read(content, 0, Long.MAX_VALUE)).isEqualTo(bytes);
        assertThat(read(content, 400_000, 50_000)).isEqualTo(Arrays.copyOfRange(bytes, 400_000, 450_000));
        store.folders.copy(inbox, UidSet.of(1), new FolderName("Archive"), StorageLimit.NONE);
        assertThat(store.bytes(store.folder(mailbox, "Archive"), 1)).isEqualTo(bytes);
    }

    @Test
    @DisplayName("a disk that is full amid the pieces leaves nothing behind, and the next one is stored")
    void fullDisk() throws IOException {
        store.database.transact(tx -> tx.update("""
                CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
                """) + tx.update("""
                CREATE TRIGGER fills BEFORE INSERT ON content_piece FOR EACH ROW WHEN (new.piece = 30) EXECUTE FUNCTION fill()
                """));
        var bytes = message(1_000_000);
        try {
            assertThatThrownBy(() -> stored(bytes))
                    .isInstanceOfSatisfying(
                            DatabaseUnavailable.class,
                            why -> assertThat(why.outcomeUnknown()).isFalse());
        } finally {
            store.database.transact(tx -> tx.update("DROP FUNCTION fill CASCADE"));
        }
        assertThat(pieces()).isZero();
        assertThat(store.status(inbox).messages()).isZero();
        assertThat(read(stored(bytes), 0, Long.MAX_VALUE)).isEqualTo(bytes);
    }

    @Test
    @DisplayName("pieces go with their content")
    void swept() {
        stored(message(300_000));
        stored(message(400_000));
        store.folders.remove(inbox, UidSet.of(1));
        assertThat(new StoreSweeps(store.database, SweepsTest.AT_ONCE).sweep().contents())
                .isEqualTo(1);
        assertThat(pieces()).isEqualTo(Math.ceilDiv(400_000, PIECE));
    }

    @Test
    @DisplayName("whole messages for POP3 leave out those in pieces")
    void whole() {
        var small = stored(message(100_000));
        var large = stored(message(300_000));
        assertThat(store.contents.whole(mailbox, List.of(small, large)))
                .extracting(SmallMessage::content)
                .containsExactly(small);
    }
}
