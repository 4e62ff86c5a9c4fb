package org.postern.mailstore;

import java.util.concurrent.atomic.AtomicBoolean;

/** One session's interest in a folder: keeps its snapshot at hand and hears of changes. */
public final class FolderWatch implements AutoCloseable {
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
