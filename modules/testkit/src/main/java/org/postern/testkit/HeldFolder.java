package org.postern.testkit;

import java.util.concurrent.CountDownLatch;
import org.postern.database.Database;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;

/** Holds a folder of a mailbox locked, in a transaction of its own, until it is closed: as somebody busy does. */
public final class HeldFolder implements AutoCloseable {
    private final Database database;
    private final CountDownLatch locked = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Thread holder;

    /** Of its INBOX; returns when it is locked. */
    public HeldFolder(Database database, MailboxId mailbox) {
        this(database, mailbox, FolderName.INBOX);
    }

    /** Returns when it is locked. */
    public HeldFolder(Database database, MailboxId mailbox, FolderName name) {
        this.database = database;
        holder = Thread.ofVirtual()
                .start(() -> database.transact(tx -> {
                    tx.call(
                            "SELECT 1 FROM folder WHERE mailbox_id = ? AND name = ? FOR UPDATE",
                            mailbox.value(),
                            name.value());
                    locked.countDown();
                    await(release);
                    return true;
                }));
        await(locked);
    }

    /** Whether a statement of the same database waits for a lock now, such as this one. */
    public boolean isWaitedFor() {
        return database.once(tx -> tx.one("""
                SELECT count(*) > 0 FROM pg_stat_activity
                 WHERE datname = current_database() AND wait_event_type = 'Lock'
                """, row -> row.bool(1)));
    }

    /** Returns when it is free again; may be called more than once. */
    public void release() {
        release.countDown();
        try {
            holder.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        release();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
