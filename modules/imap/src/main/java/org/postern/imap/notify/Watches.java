package org.postern.imap.notify;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.MailboxWatch;
import org.postern.mailstore.MailboxWatch.Changes;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;

/** The mailboxes that a session watches: its own, and those whose folders it sees. */
final class Watches implements AutoCloseable {
    private final FolderFeed feed;
    private final Runnable wake;
    private final Map<MailboxId, MailboxWatch> watches = new HashMap<>();

    Watches(FolderFeed feed, Runnable wake) {
        this.feed = feed;
        this.wake = wake;
    }

    /** @return whether some of them were not watched before: what they have done meanwhile nobody has heard */
    boolean follow(Set<MailboxId> mailboxes) {
        watches.forEach((mailbox, watch) -> {
            if (!mailboxes.contains(mailbox)) {
                watch.close();
            }
        });
        watches.keySet().retainAll(mailboxes);
        boolean more = false;
        for (var mailbox : mailboxes) {
            if (!watches.containsKey(mailbox)) {
                watches.put(mailbox, feed.watch(mailbox, wake));
                more = true;
            }
        }
        return more;
    }

    Set<MailboxId> mailboxes() {
        return Set.copyOf(watches.keySet());
    }

    /** What has changed since the last call, wherever it was. */
    Changes take() {
        var folders = new HashSet<FolderId>();
        boolean any = false;
        boolean tree = false;
        for (var watch : List.copyOf(watches.values())) {
            var changes = watch.take();
            folders.addAll(changes.folders());
            any |= changes.any();
            tree |= changes.tree();
        }
        return new Changes(folders, any, tree);
    }

    /** The next {@link #take} has it again. */
    void putBack(Changes changes) {
        watches.values().stream().findFirst().ifPresent(watch -> watch.putBack(changes));
    }

    @Override
    public void close() {
        watches.values().forEach(MailboxWatch::close);
        watches.clear();
    }
}
