package org.postern.mailstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.postern.database.Database;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;

/** Who listens to whole mailboxes on this node. A change costs one look at a map while nobody listens to its mailbox. Any thread. */
final class MailboxWatches {
    private static final int POLL_BATCH = 1_000;

    private final Map<MailboxId, Watched> mailboxes = new ConcurrentHashMap<>();

    private static final class Watched {
        final List<MailboxEar> ears = new CopyOnWriteArrayList<>();
        /** The sum of all modseqs when it was last looked at; only the poller uses it. */
        long seen;
    }

    void add(MailboxId mailbox, MailboxEar ear) {
        mailboxes.compute(mailbox, (_, there) -> {
            var watched = there == null ? new Watched() : there;
            watched.ears.add(ear);
            return watched;
        });
    }

    void remove(MailboxId mailbox, MailboxEar ear) {
        mailboxes.computeIfPresent(mailbox, (_, watched) -> {
            watched.ears.remove(ear);
            return watched.ears.isEmpty() ? null : watched;
        });
    }

    void heard(FolderId folder, Modseq modseq) {
        tell(folder.mailbox(), ear -> ear.heard(folder, modseq));
    }

    void heardTree(MailboxId mailbox) {
        tell(mailbox, MailboxEar::heardTree);
    }

    /** Anything may have been said while nobody listened. */
    void missed() {
        mailboxes.keySet().forEach(mailbox -> tell(mailbox, MailboxEar::missed));
    }

    private void tell(MailboxId mailbox, Consumer<MailboxEar> news) {
        var watched = mailboxes.get(mailbox);
        if (watched != null) {
            watched.ears.forEach(news);
        }
    }

    /** Compares the watched mailboxes with the database: whatever changes in one, the sum of its modseqs is another. */
    void poll(Database database) {
        var all = new ArrayList<>(mailboxes.keySet());
        for (int from = 0; from < all.size(); from += POLL_BATCH) {
            poll(database, all.subList(from, Math.min(all.size(), from + POLL_BATCH)));
        }
    }

    private void poll(Database database, List<MailboxId> batch) {
        record Sum(MailboxId mailbox, long modseqs) {}
        var sums = database.once(tx -> tx.list(
                """
                SELECT m.mailbox_id,
                       (m.tree_modseq + (SELECT coalesce(sum(f.highest_modseq), 0) FROM folder f
                                          WHERE f.mailbox_id = m.mailbox_id))::bigint
                  FROM mailbox m WHERE m.mailbox_id = ANY (?)""",
                row -> new Sum(new MailboxId(row.longValue(1)), row.longValue(2)),
                batch.stream().mapToLong(MailboxId::value).toArray()));
        for (var sum : sums) {
            var watched = mailboxes.get(sum.mailbox);
            if (watched != null && watched.seen != sum.modseqs) {
                watched.seen = sum.modseqs;
                watched.ears.forEach(MailboxEar::missed);
            }
        }
    }
}
