package org.postern.mailstore;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.database.Database;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/**
 * Which session is the first to be told of a message of one folder: to it alone the message is {@code \Recent} (RFC 3501 §2.3.2).
 *
 * <p>The database decides between nodes; of the sessions of this one a single one asks it, however many are woken by a message.
 */
final class RecentClaims {
    private final Database database;
    private final FolderId folder;
    /** Whether a session is asking the database. */
    private final AtomicBoolean asking = new AtomicBoolean();
    /** Messages with lower UIDs have been claimed, by whatever session. */
    private final AtomicLong decidedTo = new AtomicLong();

    RecentClaims(Database database, FolderId folder) {
        this.database = database;
        this.folder = folder;
    }

    /** The folder's row says that messages with lower UIDs are claimed. */
    void areDecidedTo(long uidNext) {
        decidedTo.accumulateAndGet(uidNext, Math::max);
    }

    /**
     * Takes all messages that nobody has taken, but for those that another session is just asking for: what that does not get
     * now, because it came a moment later, it asks for next.
     *
     * @param uidNext of the newest snapshot: where all before it are decided, nobody is asked
     * @return their UIDs, also of messages newer than the snapshot
     */
    UidSet claim(long uidNext) {
        if (uidNext <= decidedTo.get() || !asking.compareAndSet(false, true)) {
            return UidSet.empty();
        }
        try {
            var claimed = unclaimed();
            areDecidedTo(claimed.isEmpty() ? uidNext : claimed.max() + 1);
            return claimed;
        } finally {
            asking.set(false);
        }
    }

    private UidSet unclaimed() {
        return database.once(tx -> tx.first(
                        """
                        UPDATE folder SET recent_from = uid_next
                         WHERE mailbox_id = ? AND folder_id = ? AND recent_from < uid_next AND deleted_at IS NULL
                        RETURNING old.recent_from, old.uid_next""",
                        row -> UidSet.range(row.longValue(1), row.longValue(2) - 1),
                        folder.mailbox().value(),
                        folder.id()))
                .orElse(UidSet.empty());
    }
}
