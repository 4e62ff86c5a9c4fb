package org.postern.accounts;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.Call;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.AtLimit;
import org.postern.model.MailboxId;
import org.postern.model.NewRecipientLimit;
import org.postern.model.Plan;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Subject;

/**
 * Exact rolling windows over what accounts and mailboxes send, whatever the number of nodes.
 *
 * <p>Everything sent is counted, also where today's plan has no quota: tomorrow's may. The account's usage row is locked
 * until the accepting transaction commits, so one account's sending tops out near one message a flush.
 */
public final class SendQuotas {
    /** How long a recipient is remembered that a mailbox has written to. */
    static final Duration KNOWN = Duration.ofDays(400);
    /** As the functions call what is counted of new recipients. */
    static final String NEW_RECIPIENTS = "new-recipients";

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

    /** What limits sending, as the parallel arrays that the functions take; the limit of new recipients comes last. */
    @SuppressWarnings("ArrayRecordComponent") // Carried to one statement, never compared.
    private record Arrays(String[] subjects, String[] countings, long[] seconds, int[] max, boolean[] refuses) {
        static Arrays of(Plan.Sending sending) {
            int quotas = sending.quotas().size();
            int n = quotas + (sending.newRecipients().isPresent() ? 1 : 0);
            var arrays = new Arrays(new String[n], new String[n], new long[n], new int[n], new boolean[n]);
            for (int i = 0; i < quotas; i++) {
                var quota = sending.quotas().get(i);
                var counting = quota.counting().lowerCase();
                arrays.set(i, quota.subject(), counting, quota.window(), quota.max(), quota.atLimit());
            }
            sending.newRecipients()
                    .ifPresent(limit -> arrays.set(
                            quotas,
                            Subject.MAILBOX,
                            NEW_RECIPIENTS,
                            NewRecipientLimit.WINDOW,
                            limit.perDay(),
                            limit.atLimit()));
            return arrays;
        }

        private void set(int i, Subject subject, String counting, Duration window, int most, AtLimit atLimit) {
            subjects[i] = subject.lowerCase();
            countings[i] = counting;
            seconds[i] = window.toSeconds();
            max[i] = most;
            refuses[i] = atLimit == AtLimit.REFUSE;
        }
    }

    private record Answer(String result, int quota, long used, Optional<Instant> nextSlot, List<String> newRecipients) {
        static Answer read(Row row) throws SQLException {
            return new Answer(
                    row.text("result"),
                    (int) row.optionalLong("quota_no").orElse(0) - 1,
                    row.optionalLong("used").orElse(0),
                    row.optionalInstant("next_slot"),
                    sorted(row.texts("unknown")));
        }
    }

    /**
     * Takes the slots of one message, or none, in one round trip. Called last in the accepting transaction: the usage
     * rows stay locked until it ends.
     *
     * @param recipients of the message, 1 or more; each limit says what it counts of them
     */
    public TakeOutcome take(Tx tx, Access access, List<Address> recipients) throws SQLException {
        return take(
                tx,
                access.account(),
                access.mailbox(),
                access.plan(),
                recipients,
                event -> event.token(access.token()).session(access.protocol(), access.client(), access.sessionId()));
    }

    /** @param by adds to an event what is known of the session */
    TakeOutcome take(
            Tx tx, AccountId account, MailboxId mailbox, Plan plan, List<Address> recipients, UnaryOperator<Event> by)
            throws SQLException {
        var answer = tx.one("""
                SELECT result, quota_no, used, next_slot, unknown
                  FROM take_send_slots(?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz)
                """, Answer::read, parameters(account, mailbox, plan, recipients));
        return switch (answer.result()) {
            case "taken" -> new TakeOutcome.Taken(answer.newRecipients());
            case "later" -> new TakeOutcome.QuotaReached(later(account, mailbox, plan, answer, by));
            case "never" -> new TakeOutcome.NeverFits(never(plan.sending(), answer.quota()));
            case "locked" -> new TakeOutcome.Locked(new Refusal.SendingLocked());
            default -> throw new IllegalStateException("take_send_slots said " + answer.result());
        };
    }

    /** A message that goes out, by the plan of its sender. */
    public record Sending(AccountId account, MailboxId mailbox, Plan.Sending plan, List<Address> recipients) {
        public Sending {
            recipients = atLeastOne(recipients);
        }

        public static Sending of(Access access, List<Address> recipients) {
            return new Sending(access.account(), access.mailbox(), access.plan().sending(), recipients);
        }
    }

    private static List<Address> atLeastOne(List<Address> recipients) {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a message has at least one recipient");
        }
        return List.copyOf(recipients);
    }

    /**
     * The slots of several messages as a call that takes all of them or undoes everything, for it may go with another one in one round
     * trip: whoever hears {@link org.postern.database.Undone} learns from {@link #take} why.
     *
     * @return of each message its new recipients
     */
    public Call<List<List<String>>> takeTogetherOrUndo(List<Sending> messages) {
        var together = SlotsTogether.of(messages);
        return new Call<>(
                "take_send_slots_together",
                (row, column) -> together.newRecipients(row.longs(column)),
                together.parameters(now()));
    }

    private Object[] parameters(AccountId account, MailboxId mailbox, Plan plan, List<Address> recipients) {
        var arrays = Arrays.of(plan.sending());
        return new Object[] {
            account.value(),
            mailbox.value(),
            atLeastOne(recipients).stream().map(SendQuotas::folded).toArray(String[]::new),
            arrays.subjects(),
            arrays.countings(),
            arrays.seconds(),
            arrays.max(),
            arrays.refuses(),
            now()
        };
    }

    private static List<String> sorted(List<String> texts) {
        return texts.stream().sorted().toList();
    }

    /** Case apart, two spellings are one recipient. */
    static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }

    private static Optional<SendQuota> quota(Plan.Sending sending, int number) {
        return number < sending.quotas().size() ? Optional.of(sending.quotas().get(number)) : Optional.empty();
    }

    private static Refusal never(Plan.Sending sending, int number) {
        return quota(sending, number)
                .<Refusal>map(quota -> new Refusal.TooManyRecipients(quota.max()))
                .orElseGet(() -> new Refusal.TooManyNewRecipients(
                        sending.newRecipients().orElseThrow().perDay()));
    }

    private Refusal later(AccountId account, MailboxId mailbox, Plan plan, Answer answer, UnaryOperator<Event> by) {
        var slot = answer.nextSlot().orElseThrow();
        var reached = quota(plan.sending(), answer.quota());
        if (reached.isPresent()) {
            var quota = reached.get();
            var refusal = new Refusal.QuotaReached(quota, answer.used(), slot);
            meters.quotaHit(plan.name(), quota);
            events.write(by.apply(event(account, mailbox, plan, refusal, answer))
                    .with("subject", quota.subject().lowerCase())
                    .with("window", quota.windowName())
                    .with("counting", quota.counting().lowerCase())
                    .with("max", quota.max()));
            return refusal;
        }
        var limit = plan.sending().newRecipients().orElseThrow();
        var refusal = new Refusal.NewRecipientsReached(limit, answer.used(), slot);
        meters.newRecipientsHit(plan.name());
        events.write(by.apply(event(account, mailbox, plan, refusal, answer)).with("max", limit.perDay()));
        return refusal;
    }

    private Event event(AccountId account, MailboxId mailbox, Plan plan, Refusal refusal, Answer answer) {
        return Event.of(refusal.caseName(), eventClock.instant())
                .of(account, mailbox)
                .with("used", answer.used())
                .with("next_slot", answer.nextSlot().orElseThrow())
                .with("plan", plan.name());
    }

    /** Each quota of the plan as it stands now, in the plan's order. Locks nothing. */
    public List<QuotaUsage> usage(AccountId account, MailboxId mailbox, Plan plan) {
        var quotas = plan.sending().quotas();
        return usages(account, mailbox, plan).stream()
                .filter(usage -> usage.number < quotas.size())
                .map(usage -> new QuotaUsage(quotas.get(usage.number), usage.used, usage.nextSlot))
                .toList();
    }

    /** How many new recipients the mailbox has written to in a day, where the plan limits them. */
    public Optional<NewRecipientUsage> newRecipients(AccountId account, MailboxId mailbox, Plan plan) {
        return plan.sending().newRecipients().map(limit -> {
            var usage = usages(account, mailbox, plan).getLast();
            return new NewRecipientUsage(limit, usage.used, usage.nextSlot);
        });
    }

    private record Usage(int number, long used, Instant nextSlot) {}

    private List<Usage> usages(AccountId account, MailboxId mailbox, Plan plan) {
        var arrays = Arrays.of(plan.sending());
        return database.once(tx -> tx.list(
                """
                SELECT quota_no, used, next_slot FROM send_usage_now(?, ?, ?, ?, ?, ?, ?::timestamptz) ORDER BY quota_no
                """,
                row -> new Usage(row.intValue("quota_no") - 1, row.longValue("used"), row.instant("next_slot")),
                account.value(),
                mailbox.value(),
                arrays.subjects(),
                arrays.countings(),
                arrays.seconds(),
                arrays.max(),
                now()));
    }

    /**
     * Forgets recipients that their mailbox has not written to for {@link #KNOWN}, some at a time.
     *
     * @return how many are forgotten
     */
    int forgetRecipients(int rows) {
        return database.once(tx -> tx.update("""
                DELETE FROM known_recipient
                 WHERE (mailbox_id, address) IN (SELECT k.mailbox_id, k.address FROM known_recipient k
                                                  WHERE k.last_at < clock_timestamp() - ?::interval
                                                  ORDER BY k.last_at LIMIT ?)
                """, KNOWN.toSeconds() + " seconds", rows));
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
}
