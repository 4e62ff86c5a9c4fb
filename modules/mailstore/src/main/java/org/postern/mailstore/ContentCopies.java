package org.postern.mailstore;

import java.util.ArrayList;
import java.util.List;
import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.UidSet;

/**
 * Contents from one mailbox into another: a content is stored once for each mailbox, and nothing refers across. PostgreSQL
 * copies them, in transactions of their own before a folder is locked, as {@link ContentWriter} writes large ones.
 */
final class ContentCopies {
    static final Copies NONE = new Copies(new long[0], new long[0]);

    /** What one transaction copies: at most so many, and no more after so many bytes. */
    private static final int BATCH = 500;

    private static final long BATCH_BYTES = 16 << 20;

    private final Database database;

    ContentCopies(Database database) {
        this.database = database;
    }

    private record Original(long content, long bytes) {}

    /** Contents of messages, each once. */
    record Originals(MailboxId mailbox, List<Original> contents) {
        long bytes() {
            return contents.stream().mapToLong(Original::bytes).sum();
        }
    }

    /** Pairs: {@code copied[i]} in the other mailbox is what {@code originals[i]} is in its own. */
    @SuppressWarnings("ArrayRecordComponent") // Made once, never compared.
    record Copies(long[] originals, long[] copied) {}

    Originals of(FolderId folder, UidSet uids) {
        return new Originals(
                folder.mailbox(),
                database.once(tx -> tx.list(
                        """
                        SELECT DISTINCT m.content_id, m.size
                          FROM unnest(?::int8multirange) r CROSS JOIN LATERAL
                               (SELECT x.content_id, x.size FROM message x
                                 WHERE x.mailbox_id = ? AND x.folder_id = ? AND x.uid >= lower(r) AND x.uid < upper(r)
                                OFFSET 0) m
                         ORDER BY m.content_id""",
                        row -> new Original(row.longValue(1), row.longValue(2)),
                        Multirange.of(uids),
                        folder.mailbox().value(),
                        folder.id())));
    }

    long used(MailboxId mailbox) {
        return database.once(tx -> tx.one(
                "SELECT bytes FROM mailbox_usage WHERE mailbox_id = ?", row -> row.longValue(1), mailbox.value()));
    }

    Copies copy(Originals originals, MailboxId to) {
        record Pair(long original, long copied) {}
        var pairs = new ArrayList<Pair>();
        for (var batch : batches(originals.contents())) {
            pairs.addAll(database.transact(tx -> tx.list(
                    "SELECT original, copied FROM copy_contents(?, ?, ?)",
                    row -> new Pair(row.longValue(1), row.longValue(2)),
                    originals.mailbox().value(),
                    batch.stream().mapToLong(Original::content).toArray(),
                    to.value())));
        }
        return new Copies(
                pairs.stream().mapToLong(Pair::original).toArray(),
                pairs.stream().mapToLong(Pair::copied).toArray());
    }

    private static List<List<Original>> batches(List<Original> contents) {
        var batches = new ArrayList<List<Original>>();
        var batch = new ArrayList<Original>();
        long bytes = 0;
        for (var content : contents) {
            batch.add(content);
            bytes += content.bytes();
            if (batch.size() == BATCH || bytes >= BATCH_BYTES) {
                batches.add(List.copyOf(batch));
                batch.clear();
                bytes = 0;
            }
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return batches;
    }
}
