package org.postern.accounts;

import java.time.Duration;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.ClientAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers failed logins, cluster-wide, and slows down whoever tries many different secrets. It never locks: a right
 * secret is not delayed, so no stranger can shut an owner out.
 */
final class LoginDefence {
    private static final Logger LOG = LoggerFactory.getLogger(LoginDefence.class);

    private final Database database;
    private final ClusterSecrets secrets;
    private final PenaltySettings settings;

    /** What a failure costs. */
    record Penalty(Duration delay, boolean close) {}

    private record Failures(int fromNetwork, int atAddress) {}

    LoginDefence(Database database, ClusterSecrets secrets, PenaltySettings settings) {
        this.database = database;
        this.secrets = secrets;
        this.settings = settings;
    }

    /** @param address as typed, folded, whether somebody has it or not */
    Penalty failed(ClientAddress client, Proof proof, String address) {
        try {
            var failures = note(client, address, secrets.failureMark(address, proof));
            int worst = Math.max(failures.fromNetwork(), failures.atAddress());
            return new Penalty(settings.delay(worst), failures.fromNetwork() >= settings.closeAfter());
        } catch (DatabaseUnavailable e) {
            LOG.warn("a failed login is not remembered: {}", e.getMessage());
            return new Penalty(settings.longest(), false);
        }
    }

    private Failures note(ClientAddress client, String address, byte[] mark) {
        return database.once(tx -> tx.one(
                "SELECT from_network, at_address FROM login_failed(?, ?, ?, ?::interval, ?)",
                row -> new Failures(row.intValue(1), row.intValue(2)),
                client.network().toString(),
                address,
                mark,
                settings.window().toMillis() + " milliseconds",
                PenaltySettings.MAX_REMEMBERED));
    }

    /** Forgets what is older than the window. */
    int prune(int rows) {
        return database.once(tx -> tx.update("""
                DELETE FROM login_failure
                 WHERE ctid = ANY (ARRAY(SELECT ctid FROM login_failure
                                          WHERE last_at < clock_timestamp() - ?::interval LIMIT ?))
                """, settings.window().toMillis() + " milliseconds", rows));
    }
}
