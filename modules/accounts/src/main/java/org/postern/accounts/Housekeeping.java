package org.postern.accounts;

import java.time.Duration;
import org.postern.database.Database;
import org.postern.database.Rhythm;
import org.postern.model.AbuseThresholds;
import org.postern.model.Pop3Rules;

/**
 * Forgets what nobody will ask for again, in batches (old send events, recipients, login failures and events), and switches
 * off the access that nobody uses. Any node may, at the same time too.
 */
final class Housekeeping implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMinutes(10);

    private static final int BATCH_SUBJECTS = 200;
    private static final int BATCH_ROWS = 2_000;

    private final Database database;
    private final SendQuotas quotas;
    private final IdleAccess idle;
    private final LoginDefence defence;
    private final Duration eventRetention;
    private final Rhythm rhythm;

    Housekeeping(Database database, SendQuotas quotas, IdleAccess idle, LoginDefence defence, Duration eventRetention) {
        this.database = database;
        this.quotas = quotas;
        this.idle = idle;
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
        prune("event", "at", eventRetention);
        prune("notice", "delivered_at", eventRetention);
        prune("pop3_login", "at", Pop3Rules.MAX_DELAY);
        prune("abuse_sign", "at", AbuseThresholds.Threshold.MAX_WINDOW);
        idle.sweep();
    }

    /** Deletes the rows of our own table that are older, in batches. */
    private void prune(String table, String column, Duration age) {
        int deleted = BATCH_ROWS;
        while (deleted == BATCH_ROWS) {
            deleted = database.once(
                    tx -> tx.update("""
                    DELETE FROM %1$s
                     WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$s WHERE %2$s < clock_timestamp() - ?::interval LIMIT ?))
                    """.formatted(table, column), age.toSeconds() + " seconds", BATCH_ROWS));
        }
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
