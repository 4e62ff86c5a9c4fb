package org.postern.accounts;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.RowReader;
import org.postern.model.MailboxId;
import org.postern.model.OutsideAccess;
import org.postern.model.PlanName;
import org.postern.model.Protocol;

/**
 * Switches off what nobody uses, as the plan says: a protocol that was unused for so long, or every protocol of a mailbox
 * that was. Idle is counted from the last login, from when the switch began to work, or from the mailbox's beginning,
 * whichever came last; somebody who is connected now uses it.
 */
final class IdleAccess {
    /** Mailboxes that one statement looks at. */
    private static final int BATCH = 500;

    /** A use is written so much later than it happens; see {@link TokenUses}. */
    private static final Duration LATE = TokenUses.FLUSH_INTERVAL.multipliedBy(2);

    private static final RowReader<Idle> IDLE = IdleAccess::idle;
    private static final String SQL = """
            SELECT m.mailbox_id, a.plan, %s AS overrides, p.protocol, s.allowed,
                   extract(epoch FROM clock_timestamp() - greatest(m.created_at, s.effective_at, u.used_at))::bigint
                       AS idle,
                   min(extract(epoch FROM clock_timestamp() - greatest(m.created_at, u.used_at))::bigint)
                       OVER (PARTITION BY m.mailbox_id) AS mailbox_idle,
                   coalesce(c.protocols @> ARRAY[p.protocol], false) AS in_use,
                   c.protocols IS NOT NULL AS mailbox_in_use
              FROM (SELECT * FROM mailbox WHERE mailbox_id BETWEEN ? AND ? ORDER BY mailbox_id LIMIT ?) m
              JOIN account a ON a.account_id = m.account_id
             CROSS JOIN (VALUES ('imap'), ('pop3'), ('smtp')) p (protocol)
              LEFT JOIN access_switch s ON s.mailbox_id = m.mailbox_id AND s.protocol = p.protocol
              LEFT JOIN LATERAL (SELECT max(u.used_at) AS used_at
                                   FROM client_token t JOIN token_use u ON u.token_id = t.token_id
                                  WHERE t.mailbox_id = m.mailbox_id AND u.protocol = p.protocol) u ON true
              LEFT JOIN LATERAL (SELECT array_agg(DISTINCT c.protocol) AS protocols
                                   FROM connection c WHERE c.mailbox_id = m.mailbox_id) c ON true
             ORDER BY m.mailbox_id, p.protocol
            """.formatted(Entitlements.OVERRIDES);

    private final Database database;
    private final CurrentPlans plans;
    private final AccessSwitches switches;

    private record Idle(
            MailboxId mailbox,
            PlanName plan,
            Overrides overrides,
            Protocol protocol,
            Optional<Boolean> allowed,
            Duration idle,
            Duration mailboxIdle,
            boolean inUse,
            boolean mailboxInUse) {}

    IdleAccess(Database database, CurrentPlans plans, AccessSwitches switches) {
        this.database = database;
        this.plans = plans;
        this.switches = switches;
    }

    /** Looks at every mailbox of the cell, in batches; any node may, at the same time too. */
    void sweep() {
        long from = 0;
        while (true) {
            long first = from;
            var rows = database.read(tx -> tx.list(SQL, IDLE, first, Long.MAX_VALUE, BATCH));
            if (rows.isEmpty()) {
                return;
            }
            for (var row : rows) {
                if (why(row).isPresent()) {
                    switchOff(row);
                }
            }
            from = rows.getLast().mailbox().value() + 1;
        }
    }

    /** Somebody may have come meanwhile: locked, then asked again. */
    private void switchOff(Idle found) {
        long id = found.mailbox().value();
        database.transact(tx -> {
            AccessSwitches.lock(tx, found.mailbox());
            var now = tx.list(SQL, IDLE, id, id, 1).stream()
                    .filter(row -> row.protocol() == found.protocol())
                    .findFirst();
            var why = now.flatMap(this::why);
            return why.isPresent() && switches.switchOff(tx, found.mailbox(), found.protocol(), why.get());
        });
    }

    private Optional<String> why(Idle row) {
        var access = access(row);
        if (access.isEmpty()
                || row.inUse()
                || !row.allowed().orElse(access.get().onByDefault())) {
            return Optional.empty();
        }
        var unused = access.get().offWhenUnused();
        if (unused.isPresent() && row.idle().compareTo(unused.get().plus(LATE)) > 0) {
            return Optional.of("not used for " + unused.get().toDays() + " days");
        }
        var inactive = access.get().offWhenMailboxInactive();
        return inactive.isPresent()
                        && !row.mailboxInUse()
                        && row.mailboxIdle().compareTo(inactive.get().plus(LATE)) > 0
                        && row.idle().compareTo(inactive.get().plus(LATE)) > 0
                ? Optional.of("the mailbox was not used for " + inactive.get().toDays() + " days")
                : Optional.empty();
    }

    /** Of a plan that is unusable, nothing is known and nothing changed. */
    private Optional<OutsideAccess> access(Idle row) {
        try {
            return plans.all()
                    .with(row.plan(), row.overrides())
                    .rights(row.protocol())
                    .map(rights -> rights.outsideAccess());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Idle idle(Row row) throws SQLException {
        return new Idle(
                new MailboxId(row.longValue("mailbox_id")),
                new PlanName(row.text("plan")),
                Overrides.of(row.texts("overrides")),
                Protocol.of(row.text("protocol")),
                row.isNull("allowed") ? Optional.empty() : Optional.of(row.bool("allowed")),
                Duration.ofSeconds(row.longValue("idle")),
                Duration.ofSeconds(row.longValue("mailbox_idle")),
                row.bool("in_use"),
                row.bool("mailbox_in_use"));
    }
}
