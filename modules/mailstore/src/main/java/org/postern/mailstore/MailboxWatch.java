package org.postern.mailstore;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;

/** One session's interest in a whole mailbox: remembers what has changed since it last looked. Any thread. */
public final class MailboxWatch extends MailboxEar implements AutoCloseable {
    /** With more folders than that, all of them may have changed. */
    static final int MAX_REMEMBERED = 1_000;

    private final MailboxWatches watches;
    private final MailboxId mailbox;
    private final Runnable changed;
    private final AtomicBoolean closed = new AtomicBoolean();

    private final Set<FolderId> folders = new HashSet<>();
    /** What was heard already: a change of this node is told twice, in memory and by the database. */
    private final Map<FolderId, Modseq> heard = new HashMap<>();

    private boolean any;
    private boolean tree;

    /**
     * What has changed; nobody says how.
     *
     * @param folders whose messages have changed
     * @param any whether any other folder's may have too
     * @param tree whether names, subscriptions, annotations, or who may do what may have changed
     */
    public record Changes(Set<FolderId> folders, boolean any, boolean tree) {
        public Changes {
            folders = Set.copyOf(folders);
        }

        public boolean isEmpty() {
            return folders.isEmpty() && !any && !tree;
        }
    }

    MailboxWatch(MailboxWatches watches, MailboxId mailbox, Runnable changed) {
        this.watches = watches;
        this.mailbox = mailbox;
        this.changed = changed;
    }

    /** What has changed since the last call. */
    public Changes take() {
        synchronized (folders) {
            var changes = new Changes(folders, any, tree);
            folders.clear();
            any = false;
            tree = false;
            return changes;
        }
    }

    /** What was taken and could not be used: the next call has it again, and nobody is woken. */
    public void putBack(Changes changes) {
        synchronized (folders) {
            folders.addAll(changes.folders());
            any |= changes.any();
            tree |= changes.tree();
        }
    }

    @Override
    void heard(FolderId folder, Modseq modseq) {
        synchronized (folders) {
            var before = heard.put(folder, modseq);
            if (before != null && !modseq.isAfter(before)) {
                heard.put(folder, before);
                return;
            }
            if (folders.size() == MAX_REMEMBERED) {
                any = true;
            } else {
                folders.add(folder);
            }
        }
        wake();
    }

    @Override
    void heardTree() {
        synchronized (folders) {
            tree = true;
        }
        wake();
    }

    @Override
    void missed() {
        synchronized (folders) {
            any = true;
            tree = true;
        }
        wake();
    }

    private void wake() {
        if (!closed.get()) {
            changed.run();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            watches.remove(mailbox, this);
        }
    }
}
