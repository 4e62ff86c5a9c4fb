package org.postern.mailstore;

import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/**
 * One session's interest in a folder: keeps its snapshot at hand and hears of changes; where it listens to the mailbox too,
 * also of what may have changed who may do what in the folder.
 */
public final class FolderWatch extends MailboxEar implements AutoCloseable {
    private final FolderFeed feed;
    private final WatchedFolder watched;
    private final Runnable changed;
    /** Whether the first snapshot is still to be compared with the database. */
    private final AtomicBoolean compares;

    private final AtomicBoolean closed = new AtomicBoolean();

    FolderWatch(FolderFeed feed, WatchedFolder watched, Runnable changed, boolean compares) {
        this.feed = feed;
        this.watched = watched;
        this.changed = changed;
        this.compares = new AtomicBoolean(compares);
    }

    /**
     * The newest snapshot that this node knows of.
     *
     * @throws org.postern.database.DatabaseUnavailable when the database is needed and away
     */
    public FolderSnapshot snapshot() {
        if (compares.get()) {
            if (watched.compare()) {
                feed.wake(watched);
            }
            compares.set(false);
        }
        return watched.current();
    }

    /** The folder's row says so; news of it may still be on their way from another node, and others who watch wait for them. */
    void isAt(FolderState state) {
        if (watched.hear(state.modseq().value())) {
            feed.wake(watched);
        }
        if (!state.hasRecent()) {
            watched.recent.areDecidedTo(state.uidNext());
        }
    }

    /**
     * Takes what is {@code \Recent} for this session, so that it is for no other (RFC 3501 §2.3.2).
     *
     * @param uidNext of the newest snapshot
     * @return UIDs, also of messages newer than that, which the caller has to remember; none where all before it are taken
     */
    public UidSet claimRecent(long uidNext) {
        return watched.recent.claim(uidNext);
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
