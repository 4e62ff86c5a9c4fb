package org.postern.accounts;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.AtLimit;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;

/**
 * Exact rolling windows over what accounts and mailboxes send, whatever the number of nodes.
 *
 * <p>Everything sent is counted, also where today's plan has no quota: tomorrow's may. The account's usage row is locked
 * until the accepting transaction commits, so one account's sending tops out near one message a flush.
 */
public final class SendQuotas {
    private final Database database;
    private final Events events;
    private final AccountsMeters meters;
    private final Optional<InstantSource> clock;
    private final InstantSource eventClock;

    /** Counts by the database's clock, which all nodes share. */
    public SendQuotas(Database database, Events events, AccountsMeters meters) {
        this(database, events, meters, Optional.empty());
    }

    /** Counts by a clock that a test moves. */
    static SendQuotas at(InstantSource clock, Database database, Events events, AccountsMeters meters) {
        return new SendQuotas(database, events, meters, Optional.of(clock));
    }

    private SendQuotas(Database database, Events events, AccountsMeters meters, Optional<InstantSource> clock) {
        this.database = database;
        this.events = events;
        this.meters = meters;
        this.clock = clock;
        this.eventClock = clock.orElse(InstantSource.system());
    }

    /** A plan's quotas as the parallel arrays that the functions take. */
    @SuppressWarnings("ArrayRecordComponent") // Carried to one statement, never compared.
    private record Arrays(String[] subjects, String[] countings, long[] seconds, int[] max) {
        static Arrays of(List<SendQuota> quotas) {
            return new Arrays(
                    quotas.stream().map(quota -> quota.subject().lowerCase()).toArray(String[]::new),
                    quotas.stream().map(quota -> quota.counting().lowerCase()).toArray(String[]::new),
                    quotas.stream()
                            .mapToLong(quota -> quota.window().toSeconds())
                            .toArray(),
                    quotas.stream().mapToInt(SendQuota::max).toArray());
        }
    }

    private record Answer(String result, int quota, long used, Optional<Instant> nextSlot) {
        static Answer read(Row row) throws SQLException {
            return new Answer(
                    row.text("result"),
                    (int) row.optionalLong("quota_no").orElse(0) - 1,
                    row.optionalLong("used").orElse(0),
                    row.optionalInstant("next_slot"));
        }
    }

    /**
     * Takes the slots of one message, or none, in one round trip. Called last in the accepting transaction: the usage
     * rows stay locked until it ends.
     *
     * @param recipients of the message, 1 or more; each quota says whether it counts them or the message
     */
    public TakeOutcome take(Tx tx, AccountId account, MailboxId mailbox, Plan plan, int recipients)
            throws SQLException {
        if (recipients < 1) {
            throw new IllegalArgumentException("a message has at least one recipient");
        }
        var quotas = plan.sending().quotas();
        var arrays = Arrays.of(quotas);
        var answer = tx.one(
                """
                SELECT result, quota_no, used, next_slot FROM take_send_slots(?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz)
                """,
                Answer::read,
                account.value(),
                mailbox.value(),
                recipients,
                arrays.subjects(),
                arrays.countings(),
                arrays.seconds(),
                arrays.max(),
                refuses(quotas),
                now());
        return switch (answer.result()) {
            case "taken" -> new TakeOutcome.Taken();
            case "later" -> later(account, mailbox, plan, quotas.get(answer.quota()), answer);
            case "never" ->
                new TakeOutcome.NeverFits(
                        new Refusal.TooManyRecipients(quotas.get(answer.quota()).max()));
            case "locked" -> new TakeOutcome.Locked(new Refusal.SendingLocked());
            default -> throw new IllegalStateException("take_send_slots said " + answer.result());
        };
    }

    private TakeOutcome later(AccountId account, MailboxId mailbox, Plan plan, SendQuota quota, Answer answer) {
        var refusal =
                new Refusal.QuotaReached(quota, answer.used(), answer.nextSlot().orElseThrow());
        meters.quotaHit(plan.name(), quota);
        events.write(Event.of(refusal.caseName(), eventClock.instant())
                .of(account, mailbox)
                .with("subject", quota.subject().lowerCase())
                .with("window", quota.windowName())
                .with("counting", quota.counting().lowerCase())
                .with("at_limit", quota.atLimit())
                .with("used", answer.used())
                .with("max", quota.max())
                .with("next_slot", refusal.nextSlot())
                .with("plan", plan.name()));
        return new TakeOutcome.QuotaReached(refusal);
    }

    /** Each quota of the plan as it stands now, in the plan's order. Locks nothing. */
    public List<QuotaUsage> usage(AccountId account, MailboxId mailbox, Plan plan) {
        var quotas = plan.sending().quotas();
        var arrays = Arrays.of(quotas);
        return database.once(tx -> tx.list(
                """
                SELECT quota_no, used, next_slot FROM send_usage_now(?, ?, ?, ?, ?, ?, ?::timestamptz) ORDER BY quota_no
                """,
                row -> new QuotaUsage(
                        quotas.get(row.intValue("quota_no") - 1), row.longValue("used"), row.instant("next_slot")),
                account.value(),
                mailbox.value(),
                arrays.subjects(),
                arrays.countings(),
                arrays.seconds(),
                arrays.max(),
                now()));
    }

    private record Pruned(long removed, Optional<String> kind, long id) {}

    /**
     * Drops the events that no window can need any more, some subjects at a time, each in its own short transaction.
     *
     * @return how many are gone
     */
    long prune(int subjects, int rows) {
        var kind = "";
        long id = 0;
        long total = 0;
        while (true) {
            var fromKind = kind;
            long fromId = id;
            var pruned = database.transact(tx -> tx.one(
                    "SELECT removed, last_kind, last_id FROM prune_send_events(?, ?, ?, ?, ?::interval)",
                    row -> new Pruned(
                            row.longValue(1),
                            row.optionalText(2),
                            row.optionalLong(3).orElse(0)),
                    fromKind,
                    fromId,
                    subjects,
                    rows,
                    LONGEST.toSeconds() + " seconds"));
            total += pruned.removed();
            if (pruned.kind().isEmpty()) {
                return total;
            }
            if (pruned.removed() < rows) {
                // None of them had more to give than was taken: on to the next ones.
                kind = pruned.kind().get();
                id = pruned.id();
            }
        }
    }

    private static final Duration LONGEST = SendQuota.MAX_WINDOW;

    private Optional<Instant> now() {
        return clock.map(InstantSource::instant);
    }

    private static boolean[] refuses(List<SendQuota> quotas) {
        var refuses = new boolean[quotas.size()];
        for (int i = 0; i < refuses.length; i++) {
            refuses[i] = quotas.get(i).atLimit() == AtLimit.REFUSE;
        }
        return refuses;
    }
}
