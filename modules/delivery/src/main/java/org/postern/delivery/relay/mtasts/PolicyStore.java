package org.postern.delivery.relay.mtasts;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.database.Database;

/** The policies that domains have published, for as long as they hold. */
final class PolicyStore {
    private final Database database;

    PolicyStore(Database database) {
        this.database = database;
    }

    /** @param id of the TXT record that announced it (RFC 8461 §3.1) */
    record Stored(String id, Policy policy) {}

    Optional<Stored> find(String domain) {
        return database.once(tx -> tx.first(
                """
                SELECT id, mode, mx, ceil(extract(epoch FROM expires_at - statement_timestamp()))::bigint AS left
                  FROM mta_sts_policy WHERE domain = ? AND expires_at > statement_timestamp()
                """,
                row -> new Stored(
                        row.text("id"),
                        new Policy(
                                Policy.Mode.valueOf(row.text("mode").toUpperCase(Locale.ROOT)),
                                List.copyOf(row.texts("mx")),
                                Duration.ofSeconds(row.longValue("left")))),
                domain));
    }

    void keep(String domain, String id, Policy policy) {
        database.once(tx -> tx.update(
                """
                INSERT INTO mta_sts_policy (domain, id, mode, mx, expires_at)
                VALUES (?, ?, ?, ?, clock_timestamp() + ? * interval '1 second')
                    ON CONFLICT (domain) DO UPDATE
                   SET id = excluded.id, mode = excluded.mode, mx = excluded.mx, expires_at = excluded.expires_at
                """,
                domain,
                id,
                policy.mode().name().toLowerCase(Locale.ROOT),
                policy.mx().toArray(String[]::new),
                policy.maxAge().toSeconds()));
    }
}
