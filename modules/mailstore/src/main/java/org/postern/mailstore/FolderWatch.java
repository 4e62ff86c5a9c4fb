package org.postern.mailstore;

import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.model.FolderId;
import org.postern.model.Modseq;

/**
 * One session's interest in a folder: keeps its snapshot at hand and hears of changes; where it listens to the mailbox too,
 * also of what may have changed who may do what in the folder.
 */
public final class FolderWatch extends MailboxEar implements AutoCloseable {
    private final FolderFeed feed;
    private final WatchedFolder watched;
    private final Runnable changed;
    private final AtomicBoolean verified = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    FolderWatch(FolderFeed feed, WatchedFolder watched, Runnable changed) {
        this.feed = feed;
        this.watched = watched;
        this.changed = changed;
    }

    /**
     * The newest snapshot that this node knows of; the first call compares it with the database.
     *
     * @throws org.postern.database.DatabaseUnavailable when the database is needed and away
     */
    public FolderSnapshot snapshot() {
        if (verified.get()) {
            return watched.current();
        }
        var snapshot = watched.verified();
        verified.set(true);
        return snapshot;
    }

    /** Of its own messages it is woken with all who watch the folder. */
    @Override
    void heard(FolderId folder, Modseq modseq) {}

    @Override
    void heardTree() {
        wake();
    }

    @Override
    void missed() {
        wake();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            feed.unwatch(watched, this);
        }
    }

    void wake() {
        if (!closed.get()) {
            changed.run();
        }
    }
}
