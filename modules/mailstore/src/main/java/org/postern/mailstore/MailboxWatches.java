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

/** Who watches whole mailboxes on this node. A change costs one look at a map while nobody watches its mailbox. Any thread. */
final class MailboxWatches {
    private static final int POLL_BATCH = 1_000;

    private final Map<MailboxId, Watched> mailboxes = new ConcurrentHashMap<>();

    private static final class Watched {
        final List<MailboxWatch> watches = new CopyOnWriteArrayList<>();
        /** The sum of all modseqs when it was last looked at; only the poller uses it. */
        long seen;
    }

    MailboxWatch add(MailboxId mailbox, Runnable changed) {
        var watch = new MailboxWatch(this, mailbox, changed);
        mailboxes.compute(mailbox, (_, there) -> {
            var watched = there == null ? new Watched() : there;
            watched.watches.add(watch);
            return watched;
        });
        return watch;
    }

    void remove(MailboxId mailbox, MailboxWatch watch) {
        mailboxes.computeIfPresent(mailbox, (_, watched) -> {
            watched.watches.remove(watch);
            return watched.watches.isEmpty() ? null : watched;
        });
    }

    void heard(FolderId folder, Modseq modseq) {
        tell(folder.mailbox(), watch -> watch.heard(folder, modseq));
    }

    void heardTree(MailboxId mailbox) {
        tell(mailbox, MailboxWatch::heardTree);
    }

    /** Anything may have been said while nobody listened. */
    void missed() {
        mailboxes.keySet().forEach(mailbox -> tell(mailbox, MailboxWatch::missed));
    }

    private void tell(MailboxId mailbox, Consumer<MailboxWatch> news) {
        var watched = mailboxes.get(mailbox);
        if (watched != null) {
            watched.watches.forEach(news);
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
                watched.watches.forEach(MailboxWatch::missed);
            }
        }
    }
}
