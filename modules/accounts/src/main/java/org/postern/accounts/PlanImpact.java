package org.postern.accounts;

import java.time.Duration;
import org.postern.database.Database;
import org.postern.model.ConnectionCap.Per;
import org.postern.model.NewRecipientLimit;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Subject;
import org.postern.model.StorageLimit.Resource;

/** Whom a limit of a plan concerns and who is over it now: those on the plan who have nothing different in its place. */
public final class PlanImpact {
    /** Who is on plan {@code ?} and has key {@code ?} of it. */
    private static final String CONCERNED = """
            WITH concerned AS (
                SELECT m.mailbox_id, m.account_id FROM mailbox m JOIN account a USING (account_id)
                 WHERE a.plan = ?
                   AND NOT %s ?? ?)
            """.formatted(Entitlements.OVERRIDDEN);

    private final Database database;

    public PlanImpact(Database database) {
        this.database = database;
    }

    /** A limit that can be exceeded now. */
    public sealed interface Limit {
        /** @param max 0: the protocol is taken away */
        record Connections(Protocol protocol, Per per, int max) implements Limit {}

        record Storage(Resource resource, long max) implements Limit {}

        record Sending(SendQuota quota) implements Limit {}

        record NewRecipients(int perDay) implements Limit {}
    }

    /** How many mailboxes, or accounts where a quota counts by account, have the plan's value of a key. */
    public long concerned(PlanName plan, String key, Subject by) {
        return database.once(tx -> tx.one(
                CONCERNED + "SELECT count(DISTINCT " + column(by) + ") FROM concerned",
                row -> row.longValue(1),
                plan.value(),
                key));
    }

    /** How many of them are over the limit at this moment. */
    public long over(PlanName plan, String key, Limit limit) {
        return switch (limit) {
            case Limit.Connections(var protocol, var per, var max) -> connected(plan, key, protocol, per, max);
            case Limit.Storage(var resource, var max) -> stored(plan, key, resource, max);
            case Limit.Sending(var quota) ->
                sent(plan, key, quota.subject(), quota.counting().lowerCase(), quota.window(), quota.max());
            case Limit.NewRecipients(var perDay) ->
                sent(plan, key, Subject.MAILBOX, "new-recipients", NewRecipientLimit.WINDOW, perDay);
        };
    }

    private long connected(PlanName plan, String key, Protocol protocol, Per per, int max) {
        var together = switch (per) {
            case CLIENT_ADDRESS -> ", c.client_network";
            case TOKEN -> ", c.token_id";
            case MAILBOX -> "";
        };
        return database.once(tx -> tx.one(
                CONCERNED + """
                SELECT count(DISTINCT mailbox_id)
                  FROM (SELECT c.mailbox_id FROM connection c JOIN node n USING (node_id) JOIN concerned USING (mailbox_id)
                         WHERE c.protocol = ? AND NOT c.exempt AND c.waits_for IS NULL
                           AND n.lease_until > clock_timestamp()
                         GROUP BY c.mailbox_id%s HAVING count(*) > ?) AS full_ones
                """.formatted(together),
                row -> row.longValue(1),
                plan.value(),
                key,
                protocol.lowerCase(),
                max));
    }

    private long stored(PlanName plan, String key, Resource resource, long max) {
        var column = switch (resource) {
            case BYTES -> "bytes";
            case MESSAGES -> "messages";
        };
        return database.once(tx -> tx.one(
                CONCERNED + "SELECT count(*) FROM concerned JOIN mailbox_usage u USING (mailbox_id) WHERE u." + column
                        + " > ?",
                row -> row.longValue(1),
                plan.value(),
                key,
                max));
    }

    private long sent(PlanName plan, String key, Subject by, String counting, Duration window, int max) {
        return database.once(tx -> tx.one(
                CONCERNED + """
                SELECT count(*)
                  FROM (SELECT DISTINCT %s AS id FROM concerned) s JOIN send_usage u ON u.subject_id = s.id
                 WHERE u.subject_kind = ? AND u.last_at > clock_timestamp() - ?::interval
                   AND send_total(u, ?)
                       - send_base(u.subject_kind, u.subject_id, ?, clock_timestamp() - ?::interval) > ?
                """.formatted(column(by)),
                row -> row.longValue(1),
                plan.value(),
                key,
                by.lowerCase(),
                window.toSeconds() + " seconds",
                counting,
                counting,
                window.toSeconds() + " seconds",
                max));
    }

    private static String column(Subject by) {
        return switch (by) {
            case ACCOUNT -> "account_id";
            case MAILBOX -> "mailbox_id";
        };
    }
}
