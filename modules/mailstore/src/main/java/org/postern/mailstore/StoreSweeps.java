package org.postern.mailstore;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.RowReader;
import org.postern.database.Tx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes in small batches what nobody needs any more, on one node at a time: each batch is one transaction that holds an
 * advisory lock of the cell.
 */
public final class StoreSweeps implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSweeps.class);
    /** Of one kind in one sweep; the rest waits for the next. */
    private static final int MAX_BATCHES = 1_000;

    private final Database database;
    private final SweepSettings settings;
    private final Object lock = new Object();
    private boolean closed;

    /** What one sweep deleted. */
    public record Swept(long contents, long messages, long folders, long changes) {
        static final Swept NOTHING = new Swept(0, 0, 0, 0);

        public boolean isEmpty() {
            return equals(NOTHING);
        }
    }

    public StoreSweeps(Database database, SweepSettings settings) {
        this.database = database;
        this.settings = settings;
    }

    /** Sweeps at the settings' interval from now on. */
    public void start() {
        Thread.ofPlatform().daemon().name("store-sweeps").start(this::run);
    }

    /** One sweep now, batch by batch, unless another node is at it. */
    public Swept sweep() {
        // Messages of deleted folders first: they leave contents behind.
        long messages = batches(
                "SELECT n AS more, n AS swept FROM sweep_deleted_messages(?::interval, ?) n",
                text(settings.tombstoneGrace()),
                settings.batch());
        long contents = batches(
                "SELECT looked_at AS more, swept FROM sweep_contents(?::interval, ?)",
                text(settings.contentGrace()),
                settings.batch());
        long folders = batches(
                "SELECT changes + folders AS more, folders AS swept FROM sweep_tombstone(?::interval, ?)",
                text(settings.tombstoneLife()),
                settings.batch());
        long changes = batches(
                "SELECT n AS more, n AS swept FROM sweep_changes(?::interval, false, ?) n",
                text(settings.changesKept()),
                settings.batch());
        long expunges = batches(
                "SELECT n AS more, n AS swept FROM sweep_changes(?::interval, true, ?) n",
                text(settings.expungesKept()),
                settings.batch());
        batches(
                "SELECT n AS more, n AS swept FROM sweep_sent_copies(?::interval, ?) n",
                SentCopies.window(),
                settings.batch());
        return new Swept(contents, messages, folders, changes + expunges);
    }

    /** Stops after the batch at hand. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    private record Batch(long more, long swept) {}

    private long batches(String sql, Object... params) {
        RowReader<Batch> reader = row -> new Batch(row.longValue("more"), row.longValue("swept"));
        long swept = 0;
        for (int i = 0; i < MAX_BATCHES && !isClosed(); i++) {
            var batch = database.transact(tx -> isMine(tx) ? tx.one(sql, reader, params) : new Batch(0, 0));
            swept += batch.swept;
            if (batch.more == 0) {
                break;
            }
        }
        return swept;
    }

    private static boolean isMine(Tx tx) throws SQLException {
        return tx.one(
                "SELECT pg_try_advisory_xact_lock(hashtextextended('store-sweeps/' || current_schema(), 0))",
                row -> row.bool(1));
    }

    private static String text(Duration duration) {
        return duration.toMillis() + " milliseconds";
    }

    private boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    private void run() {
        try {
            while (pause()) {
                sweepAndLog();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweepAndLog() {
        try {
            var swept = sweep();
            if (!swept.isEmpty()) {
                LOG.debug("swept {}", swept);
            }
        } catch (DatabaseUnavailable e) {
            LOG.warn("the sweep of the store waits for the database: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the sweep of the store failed", e);
        }
    }

    /** @return false when closed */
    private boolean pause() throws InterruptedException {
        long end = System.nanoTime() + settings.interval().toNanos();
        synchronized (lock) {
            for (long left = settings.interval().toNanos(); left > 0 && !closed; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(lock, left);
            }
            return !closed;
        }
    }
}
