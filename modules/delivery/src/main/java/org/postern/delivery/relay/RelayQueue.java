package org.postern.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postern.database.Tx;
import org.postern.delivery.QueuedMail;
import org.postern.delivery.QueuedRecipient;
import org.postern.delivery.relay.client.Reply;

/** The queue as relaying sees it: destinations, claims, and what is claimed; the functions of {@code R__queue.sql}. */
final class RelayQueue {
    private static final int REAPED_AT_ONCE = 100;
    private static final int RELEASED_AT_ONCE = 500;

    private final RelayLimits limits;

    RelayQueue(RelayLimits limits) {
        this.limits = limits;
    }

    /**
     * A hold on recipients of one destination.
     *
     * @param failures of the destination as a whole, in a row, before now
     */
    record Claim(long id, String domain, int failures) {}

    /** What is known of a destination at the end of a claim. */
    enum Found {
        REACHED,
        UNREACHABLE,
        UNTRIED
    }

    /** One message, and those of its recipients that are claimed. */
    record Outgoing(QueuedMail mail, List<QueuedRecipient> recipients) {
        /** RFC 6710 §4: what is not understood has none. */
        int priority() {
            var value = mail.parameters().getOrDefault("MT-PRIORITY", "0");
            return value.matches("-?[0-9]") ? Integer.parseInt(value) : 0;
        }
    }

    /** Tells destinations of new messages, and says of how many; fewer than the limit: those were all. */
    int dispatch(Tx tx) throws SQLException {
        return tx.one(
                "SELECT dispatch_arrivals(?) AS told",
                row -> row.intValue("told"),
                limits.portions().dispatch());
    }

    /** The next destination's due recipients, if any destination may have a claim more. */
    Optional<Claim> claim(Tx tx) throws SQLException {
        return tx.one(
                "SELECT claim, destination, failures FROM claim_relay(?, ?, ? * interval '1 millisecond', ?)",
                row -> row.isNull("claim")
                        ? Optional.empty()
                        : Optional.of(
                                new Claim(row.longValue("claim"), row.text("destination"), row.intValue("failures"))),
                limits.portions().recipients(),
                limits.concurrency().perDestination(),
                limits.pace().lease().toMillis(),
                limits.portions().looks());
    }

    /** More due recipients of the same destination for the same claim. */
    int claimMore(Tx tx, Claim claim) throws SQLException {
        tx.call("SELECT FROM queue_destination WHERE domain = ? FOR NO KEY UPDATE", claim.domain());
        return tx.one(
                "SELECT take_due(?, ?, ?) AS taken",
                row -> row.intValue("taken"),
                claim.id(),
                claim.domain(),
                limits.portions().recipients());
    }

    /** What is claimed, urgent messages first. */
    List<Outgoing> claimed(Tx tx, Claim claim) throws SQLException {
        var mails = new LinkedHashMap<Long, QueuedMail>();
        Map<Long, List<QueuedRecipient>> recipients = tx
                .list(
                        "SELECT " + QueuedMail.COLUMNS + ", " + QueuedRecipient.COLUMNS
                                + " FROM queue_recipient r JOIN queue q ON q.queue_id = r.queue_id"
                                + " WHERE r.claim_id = ? ORDER BY r.queue_id, r.recipient_no",
                        row -> {
                            var mail = QueuedMail.read(row);
                            mails.putIfAbsent(mail.id(), mail);
                            return QueuedRecipient.read(row);
                        },
                        claim.id())
                .stream()
                .collect(Collectors.groupingBy(QueuedRecipient::queueId));
        var all = new ArrayList<Outgoing>();
        mails.forEach((id, mail) -> all.add(new Outgoing(mail, recipients.getOrDefault(id, List.of()))));
        all.sort(Comparator.comparingInt(Outgoing::priority).reversed()); // Stable: else as they came.
        return all;
    }

    /** Prolongs leases; gives those that are still there. */
    Set<Long> renew(Tx tx, Collection<Long> claims) throws SQLException {
        return Set.copyOf(tx.list(
                """
                UPDATE queue_claim SET lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 WHERE claim_id = ANY (?) RETURNING claim_id
                """,
                row -> row.longValue(1),
                limits.pace().lease().toMillis(),
                claims.stream().mapToLong(Long::longValue).sorted().toArray()));
    }

    /** @param pause for which an unreachable destination is left alone */
    void release(Tx tx, Claim claim, Found found, Duration pause) throws SQLException {
        tx.call(
                "SELECT release_relay(?, ?, ? * interval '1 millisecond')",
                claim.id(),
                found.name().toLowerCase(Locale.ROOT),
                pause.toMillis());
    }

    /** Frees what dead workers had claimed, and what was held for senders that are unlocked now. */
    int upkeep(Tx tx) throws SQLException {
        return tx.one(
                "SELECT reap_claims(?) + release_unlocked(?) AS freed",
                row -> row.intValue("freed"),
                REAPED_AT_ONCE,
                RELEASED_AT_ONCE);
    }

    /** Locks those of the message's recipients that the claim still has; gives their numbers. */
    Set<Integer> lockOwn(Tx tx, Claim claim, long queueId, int[] numbers) throws SQLException {
        return Set.copyOf(tx.list("""
                SELECT recipient_no FROM queue_recipient
                 WHERE queue_id = ? AND recipient_no = ANY (?) AND claim_id = ? ORDER BY recipient_no FOR UPDATE
                """, row -> row.intValue(1), queueId, numbers, claim.id()));
    }

    /**
     * A recipient that is tried again later.
     *
     * @param host whose reply it is; empty: our own words
     */
    record Deferral(QueuedRecipient recipient, Duration pause, Reply reply, Optional<String> host) {}

    void defer(Tx tx, List<Deferral> deferred) throws SQLException {
        if (deferred.isEmpty()) {
            return;
        }
        var rows = deferred.stream()
                .map(each -> new Object[] {
                    each.reply().toString(),
                    each.host(),
                    each.pause().toMillis(),
                    each.recipient().queueId(),
                    each.recipient().number()
                })
                .toList();
        tx.batch("""
                UPDATE queue_recipient
                   SET claim_id = NULL, attempts = attempts + 1, last_reply = ?, last_host = ?::text,
                       next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
                 WHERE queue_id = ? AND recipient_no = ?
                """, rows);
    }

    /** How long until a destination is due; empty when none waits. */
    Optional<Duration> untilNext(Tx tx) throws SQLException {
        return tx.first("""
                SELECT ceil(extract(epoch FROM due_at - clock_timestamp()) * 1000)::bigint AS ms
                  FROM queue_destination WHERE due_at < 'infinity' ORDER BY due_at LIMIT 1
                """, row -> Duration.ofMillis(row.longValue("ms")));
    }
}
