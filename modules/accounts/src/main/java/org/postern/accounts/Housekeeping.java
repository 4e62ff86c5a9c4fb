package org.postern.accounts;

import java.time.Duration;
import org.postern.database.Database;
import org.postern.database.Rhythm;

/** Forgets what nobody will ask for again, in batches: old send events, recipients, login failures and events. Any node may. */
final class Housekeeping implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMinutes(10);

    private static final int BATCH_SUBJECTS = 200;
    private static final int BATCH_ROWS = 2_000;

    private final Database database;
    private final SendQuotas quotas;
    private final LoginDefence defence;
    private final Duration eventRetention;
    private final Rhythm rhythm;

    Housekeeping(Database database, SendQuotas quotas, LoginDefence defence, Duration eventRetention) {
        this.database = database;
        this.quotas = quotas;
        this.defence = defence;
        this.eventRetention = eventRetention;
        this.rhythm = Rhythm.start("housekeeping", INTERVAL, this::sweep);
    }

    void sweep() {
        quotas.prune(BATCH_SUBJECTS, BATCH_ROWS);
        while (quotas.forgetRecipients(BATCH_ROWS) == BATCH_ROWS) {
            // The next batch.
        }
        while (defence.prune(BATCH_ROWS) == BATCH_ROWS) {
            // The next batch.
        }
        while (pruneEvents() == BATCH_ROWS) {
            // The next batch.
        }
    }

    private int pruneEvents() {
        return database.once(tx -> tx.update("""
                DELETE FROM event
                 WHERE event_id IN (SELECT event_id FROM event WHERE at < clock_timestamp() - ?::interval LIMIT ?)
                """, eventRetention.toSeconds() + " seconds", BATCH_ROWS));
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
