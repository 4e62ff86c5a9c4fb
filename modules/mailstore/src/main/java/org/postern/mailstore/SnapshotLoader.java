package org.postern.mailstore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.Keyword;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/**
 * Reads snapshots from the database: whole, or what the change log has after an older one.
 *
 * <p>Folder, log and messages are read on one REPEATABLE READ snapshot: with two, a message of the log can be gone already.
 */
final class SnapshotLoader {
    /** Rows of messages that the driver holds at a time. */
    private static final int FETCH_ROWS = 4_000;
    /** With more changes than this to catch up with, reading the whole folder is no dearer. */
    private static final int MAX_LOG_ROWS = 5_000;

    private static final String COLUMNS = """
             m.uid, m.flags, m.modseq, extract(epoch FROM m.internal_date)::bigint AS date, m.size, m.content_id,
             CASE WHEN m.keywords = '{}' THEN NULL ELSE array_to_string(m.keywords, ' ') END AS words""";
    private static final String ALL = "SELECT " + COLUMNS + """

              FROM message m
             WHERE m.mailbox_id = ? AND m.folder_id = ?
             ORDER BY m.uid""";
    private static final String SOME = "SELECT " + COLUMNS + """

              FROM unnest(?::int8multirange) r CROSS JOIN LATERAL
                   (SELECT * FROM message x
                     WHERE x.mailbox_id = ? AND x.folder_id = ? AND x.uid >= lower(r) AND x.uid < upper(r) OFFSET 0) m
             ORDER BY m.uid""";

    private final Database database;

    SnapshotLoader(Database database) {
        this.database = database;
    }

    private record Folder(FolderSnapshot.Head head, Modseq logFloor, long messages) {}

    private record Logged(boolean expunge, UidSet uids) {}

    /** The folder now. A folder whose tombstone is swept is empty and gone. */
    FolderSnapshot load(FolderId folder) {
        return database.read(tx -> {
            var found = folder(tx, folder);
            return found.isPresent() ? whole(tx, found.get()) : nothing(folder);
        });
    }

    /** The folder now, from the change log where that reaches back to {@code old}. */
    FolderSnapshot advance(FolderSnapshot old) {
        return database.read(tx -> {
            var found = folder(tx, old.folder());
            if (found.isEmpty()) {
                return old.under(old.head().asGone());
            }
            var folder = found.get();
            if (folder.head.gone()) {
                // Its messages are being purged; who has it selected keeps what it knew.
                return old.under(folder.head);
            }
            if (folder.logFloor.isAfter(old.modseq())) {
                return whole(tx, folder);
            }
            var log = log(tx, old);
            return log.size() > MAX_LOG_ROWS ? whole(tx, folder) : caughtUp(tx, old, folder, log);
        });
    }

    /** The folder's highest modseq, if it is there and not deleted. */
    Optional<Modseq> modseq(FolderId folder) {
        return database.once(tx -> tx.first(
                "SELECT highest_modseq FROM folder WHERE mailbox_id = ? AND folder_id = ? AND deleted_at IS NULL",
                row -> row.modseq(1),
                folder.mailbox().value(),
                folder.id()));
    }

    private static Optional<Folder> folder(Tx tx, FolderId folder) throws SQLException {
        return tx.first(
                """
                SELECT uid_validity, uid_next, highest_modseq, log_floor, message_count, deleted_at IS NOT NULL AS gone,
                       array_to_string(keywords, ' ') AS words
                  FROM folder WHERE mailbox_id = ? AND folder_id = ?""",
                row -> new Folder(
                        new FolderSnapshot.Head(
                                folder,
                                new UidValidity(row.longValue(1)),
                                row.longValue(2),
                                new Modseq(row.longValue(3)),
                                row.bool(6),
                                keywords(row.text(7))),
                        new Modseq(row.longValue(4)),
                        row.longValue(5)),
                folder.mailbox().value(),
                folder.id());
    }

    private static FolderSnapshot nothing(FolderId folder) {
        var head = new FolderSnapshot.Head(folder, new UidValidity(1), 1, Modseq.ZERO, true, List.of());
        return new FolderSnapshot(head, new Chunk[0]);
    }

    private static FolderSnapshot whole(Tx tx, Folder folder) throws SQLException {
        var chunks = new ChunkList();
        var words = new Words();
        var id = folder.head.folder();
        if (folder.messages > 0) {
            tx.each(
                    ALL,
                    FETCH_ROWS,
                    row -> chunks.add(
                            row.longValue(1),
                            row.intValue(2),
                            words.of(row),
                            row.longValue(3),
                            row.longValue(4),
                            row.intValue(5),
                            row.longValue(6)),
                    id.mailbox().value(),
                    id.id());
        }
        return new FolderSnapshot(folder.head, chunks.finish());
    }

    private static List<Logged> log(Tx tx, FolderSnapshot old) throws SQLException {
        return tx.list(
                """
                SELECT kind = 'x' AS expunge, uids FROM folder_change
                 WHERE mailbox_id = ? AND folder_id = ? AND modseq > ?
                 ORDER BY modseq, part LIMIT ?""",
                row -> new Logged(row.bool(1), row.uidSet(2)),
                old.folder().mailbox().value(),
                old.folder().id(),
                old.modseq().value(),
                MAX_LOG_ROWS + 1);
    }

    private static FolderSnapshot caughtUp(Tx tx, FolderSnapshot old, Folder folder, List<Logged> log)
            throws SQLException {
        var gone = UidSet.empty();
        var touched = UidSet.empty();
        for (var change : log) {
            if (change.expunge) {
                gone = gone.union(change.uids);
            } else {
                touched = touched.union(change.uids);
            }
        }
        var words = new Words();
        var rows = touched.isEmpty()
                ? new ArrayList<MessageRow>()
                : tx.list(
                        SOME,
                        row -> new MessageRow(
                                row.longValue(1),
                                (byte) row.intValue(2),
                                words.of(row),
                                row.longValue(3),
                                row.longValue(4),
                                row.intValue(5),
                                row.longValue(6)),
                        Multirange.of(touched),
                        old.folder().mailbox().value(),
                        old.folder().id());
        return old.edited(folder.head, gone, rows);
    }

    private static List<Keyword> keywords(String words) {
        return words.isEmpty()
                ? List.of()
                : Arrays.stream(words.split(" ", -1)).map(Keyword::new).toList();
    }

    /** One list for all messages with the same keywords. */
    private static final class Words {
        private final Map<String, List<Keyword>> known = new HashMap<>();

        List<Keyword> of(Row row) throws SQLException {
            @Nullable String words = row.optionalText(7).orElse(null);
            return words == null ? List.of() : known.computeIfAbsent(words, SnapshotLoader::keywords);
        }
    }
}
