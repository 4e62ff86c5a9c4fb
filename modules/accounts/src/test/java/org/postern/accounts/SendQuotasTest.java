package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.model.Address;
import org.postern.model.AtLimit;
import org.postern.model.MailboxId;
import org.postern.model.NewRecipientLimit;
import org.postern.model.Plan;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SettableClock;

@DisplayName("Send quotas")
class SendQuotasTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(8);

    private final SettableClock clock = SettableClock.at(NOON);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private World world;
    private Events events;
    private SendQuotas quotas;
    private MailboxInfo ann;
    private MailboxInfo bob;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        events = new Events(world.database, meters, InstantSource.system(), name -> false);
        quotas = SendQuotas.at(clock, world.database, events, new AccountsMeters(meters));
        ann = world.mailbox("ann");
        bob = world.mailbox("bob");
    }

    @AfterEach
    void stop() {
        events.close();
        assertThat(world.count("""
                        SELECT count(*) FROM send_usage u
                          LEFT JOIN (SELECT subject_kind, subject_id, max(messages) AS m, max(recipients) AS r
                                       FROM send_event GROUP BY 1, 2) e USING (subject_kind, subject_id)
                         WHERE (u.messages, u.recipients) IS DISTINCT FROM (coalesce(e.m, 0), coalesce(e.r, 0))
                        """))
                .as("a usage's totals are its newest event's")
                .isZero();
    }

    private static SendQuota quota(Subject subject, Duration window, int max) {
        return new SendQuota(subject, window, Counting.RECIPIENTS, max, AtLimit.DEFER);
    }

    private static Plan plan(SendQuota... quotas) {
        return World.plan(World.SMALL, World.CAP, quotas);
    }

    private TakeOutcome take(MailboxInfo mailbox, Plan plan, int recipients) {
        return take(world.database, quotas, mailbox, plan, recipients);
    }

    private static TakeOutcome take(
            Database database, SendQuotas quotas, MailboxInfo mailbox, Plan plan, int recipients) {
        return write(database, quotas, mailbox, plan, people(0, recipients));
    }

    /** So many addresses, beginning with a number. */
    private static List<Address> people(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> World.address("p" + i))
                .toList();
    }

    private TakeOutcome write(MailboxInfo mailbox, Plan plan, List<Address> to) {
        return write(world.database, quotas, mailbox, plan, to);
    }

    private static TakeOutcome write(
            Database database, SendQuotas quotas, MailboxInfo mailbox, Plan plan, List<Address> to) {
        return database.transact(
                tx -> quotas.take(tx, mailbox.account(), mailbox.id(), plan, to, UnaryOperator.identity()));
    }

    private static Plan limited(int perDay, AtLimit atLimit, SendQuota... within) {
        var plan = plan(within);
        var sending = new Plan.Sending(true, List.of(within), 100, Optional.of(new NewRecipientLimit(perDay, atLimit)));
        return new Plan(plan.name(), plan.protocols(), sending, plan.storage(), plan.maxMessageBytes());
    }

    @Test
    @DisplayName("REPLIES new-recipients-reached: only those a mailbox has not written to count, each once, for a day")
    void newRecipients() {
        var plan = limited(5, AtLimit.REFUSE);
        var limit = plan.sending().newRecipients().orElseThrow();
        assertThat(write(ann, plan, people(0, 3))).isInstanceOf(TakeOutcome.Taken.class);
        assertThat(write(ann, plan, people(0, 3))).isInstanceOf(TakeOutcome.Taken.class);
        clock.advance(Duration.ofHours(1));
        assertThat(write(ann, plan, people(1, 4))).isInstanceOf(TakeOutcome.Taken.class);
        var free = NOON.plus(Duration.ofDays(1));
        assertThat(write(ann, plan, people(5, 1)))
                .isEqualTo(new TakeOutcome.QuotaReached(new Refusal.NewRecipientsReached(limit, 5, free)));
        assertThat(write(ann, plan, people(0, 5))).as("all known").isInstanceOf(TakeOutcome.Taken.class);
        assertThat(write(bob, plan, people(0, 5))).as("new to him").isInstanceOf(TakeOutcome.Taken.class);
        assertThat(write(ann, plan, people(5, 6)))
                .isEqualTo(new TakeOutcome.NeverFits(new Refusal.TooManyNewRecipients(5)));
        assertThat(quotas.newRecipients(ann.account(), ann.id(), plan)).contains(new NewRecipientUsage(limit, 5, free));
        clock.set(free);
        assertThat(write(ann, plan, people(5, 3))).isInstanceOf(TakeOutcome.Taken.class);
        assertThat(world.count(
                        "SELECT count(*) FROM known_recipient WHERE mailbox_id = ?",
                        ann.id().value()))
                .isEqualTo(8);
    }

    @Test
    @DisplayName("a recipient is one in any case, known for 400 days after the last message, and then forgotten")
    void forgetting() {
        var plan = limited(1, AtLimit.DEFER);
        clock.set(Instant.now().minus(SendQuotas.KNOWN).minus(Duration.ofDays(40)));
        write(ann, plan, List.of(World.address("Old"), World.address("OLD")));
        clock.advance(Duration.ofDays(2));
        write(ann, plan, List.of(World.address("kept")));
        clock.advance(Duration.ofDays(60));
        write(ann, plan, List.of(World.address("kept")));
        assertThat(quotas.forgetRecipients(10)).isOne();
        assertThat(quotas.forgetRecipients(10)).isZero();
        assertThat(world.count("SELECT count(*) FROM known_recipient WHERE address = 'kept@example.org'"))
                .isOne();
    }

    @Test
    @DisplayName("that refuse go before those that defer, and the time is when all have room")
    void refusing() {
        var deferring = new SendQuota(Subject.MAILBOX, Duration.ofDays(1), Counting.MESSAGES, 1, AtLimit.DEFER);
        var refusing = new SendQuota(Subject.MAILBOX, Duration.ofHours(1), Counting.RECIPIENTS, 2, AtLimit.REFUSE);
        var plan = plan(deferring, refusing);
        assertThat(take(ann, plan, 2)).isInstanceOf(TakeOutcome.Taken.class);
        var tomorrow = NOON.plus(Duration.ofDays(1));
        assertThat(take(ann, plan, 1))
                .isEqualTo(new TakeOutcome.QuotaReached(new Refusal.QuotaReached(refusing, 2, tomorrow)));
        clock.advance(Duration.ofHours(1));
        assertThat(take(ann, plan, 1))
                .isEqualTo(new TakeOutcome.QuotaReached(new Refusal.QuotaReached(deferring, 1, tomorrow)));
    }

    @Test
    @DisplayName("of 64 senders racing on two nodes for the last 7 new recipients, exactly 7 get through")
    void raceForNewRecipients() throws Exception {
        var plan = limited(7, AtLimit.DEFER, quota(Subject.MAILBOX, Duration.ofMinutes(1), 1_000));
        var real = new SendQuotas(world.database, events, new AccountsMeters(meters));
        try (var other = SCRATCH.anotherNode()) {
            var taken = new AtomicInteger();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 64; i++) {
                var database = i % 2 == 0 ? world.database : other;
                var to = people(i, 1);
                threads.add(Thread.ofVirtual().start(() -> {
                    var outcome = write(database, real, ann, plan, to);
                    if (outcome instanceof TakeOutcome.Taken) {
                        taken.incrementAndGet();
                    }
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            assertThat(taken).hasValue(7);
            assertThat(world.count("SELECT count(*) FROM known_recipient")).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("REPLIES quota-reached: refused with the numbers and the time, and free again at that very time")
    void rolling() {
        var hourly = quota(Subject.MAILBOX, Duration.ofHours(1), 3);
        var plan = plan(hourly);
        for (int i = 0; i < 3; i++) {
            assertThat(take(ann, plan, 1)).isInstanceOf(TakeOutcome.Taken.class);
            clock.advance(Duration.ofMinutes(10));
        }
        var free = NOON.plus(Duration.ofHours(1));
        assertThat(take(ann, plan, 1))
                .isEqualTo(new TakeOutcome.QuotaReached(new Refusal.QuotaReached(hourly, 3, free)));
        assertThat(quotas.usage(ann.account(), ann.id(), plan)).containsExactly(new QuotaUsage(hourly, 3, free));
        clock.set(free.minusMillis(1));
        assertThat(take(ann, plan, 1)).isInstanceOf(TakeOutcome.QuotaReached.class);
        clock.set(free);
        assertThat(take(ann, plan, 1)).isInstanceOf(TakeOutcome.Taken.class);
        assertThat(take(ann, plan, 1)).isInstanceOf(TakeOutcome.QuotaReached.class);
        assertThat(take(bob, plan, 3)).isInstanceOf(TakeOutcome.Taken.class);
        assertThat(meters.get("postern.quotas.hit")
                        .tag("window", "hourly")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    @DisplayName("take from mailbox and account together, or not at all; the refusal names the one free last")
    void together() {
        var mine = quota(Subject.MAILBOX, Duration.ofHours(1), 5);
        var ours = quota(Subject.ACCOUNT, Duration.ofDays(1), 8);
        var plan = plan(mine, ours);
        assertThat(take(ann, plan, 5)).isInstanceOf(TakeOutcome.Taken.class);
        assertThat(take(bob, plan, 4))
                .isEqualTo(
                        new TakeOutcome.QuotaReached(new Refusal.QuotaReached(ours, 5, NOON.plus(Duration.ofDays(1)))));
        assertThat(take(bob, plan, 3)).isInstanceOf(TakeOutcome.Taken.class);
        // Both are full now: the day's is free later than the hour's.
        assertThat(take(ann, plan, 1))
                .isEqualTo(
                        new TakeOutcome.QuotaReached(new Refusal.QuotaReached(ours, 8, NOON.plus(Duration.ofDays(1)))));
        assertThat(quotas.usage(bob.account(), bob.id(), plan))
                .extracting(QuotaUsage::used)
                .containsExactly(3L, 8L);
    }

    @Test
    @DisplayName("never fit a message that is larger than they are; a locked mailbox sends nothing")
    void never() {
        var plan = plan(quota(Subject.MAILBOX, Duration.ofHours(1), 5));
        assertThat(take(ann, plan, 6)).isEqualTo(new TakeOutcome.NeverFits(new Refusal.TooManyRecipients(5)));
        world.database.once(tx -> tx.update(
                "UPDATE mailbox SET sending_locked_at = now() WHERE mailbox_id = ?",
                ann.id().value()));
        assertThat(take(ann, plan, 1)).isEqualTo(new TakeOutcome.Locked(new Refusal.SendingLocked()));
        assertThat(world.count("SELECT count(*) FROM send_event")).isZero();
    }

    @Test
    @DisplayName("that are not there count all the same, for a plan that has them tomorrow")
    void unlimited() {
        assertThat(take(ann, plan(), 40)).isInstanceOf(TakeOutcome.Taken.class);
        clock.advance(Duration.ofMinutes(5));
        var daily = quota(Subject.MAILBOX, Duration.ofDays(1), 41);
        assertThat(take(ann, plan(daily), 2)).isInstanceOf(TakeOutcome.QuotaReached.class);
        assertThat(quotas.usage(ann.account(), ann.id(), plan())).isEmpty();
        assertThat(quotas.usage(bob.account(), bob.id(), plan(daily)))
                .containsExactly(new QuotaUsage(daily, 0, clock.instant()));
    }

    @Test
    @DisplayName("are given back when the transaction that took them fails")
    void rollback() {
        var plan = plan(quota(Subject.MAILBOX, Duration.ofHours(1), 1));
        try {
            world.database.transact(tx -> {
                assertThat(quotas.take(tx, ann.account(), ann.id(), plan, people(0, 1), UnaryOperator.identity()))
                        .isInstanceOf(TakeOutcome.Taken.class);
                throw new IllegalStateException("refused after all");
            });
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("refused after all");
        }
        assertThat(take(ann, plan, 1)).isInstanceOf(TakeOutcome.Taken.class);
    }

    @Test
    @DisplayName("STORE: of 320 racing on two nodes exactly as many get through as fit, by the database's clock")
    void race() throws Exception {
        var plan =
                plan(quota(Subject.ACCOUNT, Duration.ofDays(1), 10), quota(Subject.MAILBOX, Duration.ofHours(1), 100));
        var real = new SendQuotas(world.database, events, new AccountsMeters(meters));
        try (var other = SCRATCH.anotherNode()) {
            var taken = new ConcurrentLinkedQueue<TakeOutcome>();
            var refused = new ConcurrentLinkedQueue<TakeOutcome>();
            var start = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 320; i++) {
                var database = i % 2 == 0 ? world.database : other;
                var mailbox = i % 3 == 0 ? ann : bob;
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    var outcome = take(database, real, mailbox, plan, 1);
                    (outcome instanceof TakeOutcome.Taken ? taken : refused).add(outcome);
                }));
            }
            start.countDown();
            for (var thread : threads) {
                thread.join();
            }
            assertThat(taken).hasSize(10);
            assertThat(refused).hasSize(310).allMatch(outcome -> outcome instanceof TakeOutcome.QuotaReached);
        }
    }

    /** What was sent, kept whole and counted by looking at all of it. */
    private record Sent(Instant at, MailboxId mailbox, int weight) {}

    @Test
    @DisplayName("agree with a naive count over random sending, windows and pruning")
    void property() {
        long seed = Optional.ofNullable(System.getProperty("postern.seed"))
                .map(Long::parseLong)
                .orElseGet(System::nanoTime);
        System.out.println("SendQuotasTest seed: -Dpostern.seed=" + seed);
        var random = new Random(seed);
        var plan = plan(
                quota(Subject.MAILBOX, Duration.ofMinutes(1), 3 + random.nextInt(5)),
                quota(Subject.MAILBOX, Duration.ofHours(1), 10 + random.nextInt(20)),
                new SendQuota(
                        Subject.MAILBOX,
                        Duration.ofMinutes(30),
                        Counting.MESSAGES,
                        3 + random.nextInt(8),
                        random.nextBoolean() ? AtLimit.DEFER : AtLimit.REFUSE),
                quota(Subject.ACCOUNT, Duration.ofHours(1), 15 + random.nextInt(20)),
                quota(Subject.ACCOUNT, Duration.ofDays(1), 60 + random.nextInt(60)));
        var history = new ArrayList<Sent>();
        for (int i = 0; i < 600; i++) {
            clock.advance(Duration.ofSeconds(random.nextInt(4) == 0 ? random.nextInt(4_000) : random.nextInt(20)));
            var mailbox = random.nextBoolean() ? ann : bob;
            int weight = 1 + random.nextInt(random.nextInt(10) == 0 ? 12 : 3);
            var expected = expected(history, mailbox, plan, weight);
            assertThat(take(mailbox, plan, weight))
                    .as("step %d of seed %d", i, seed)
                    .isEqualTo(expected);
            if (expected instanceof TakeOutcome.Taken) {
                history.add(new Sent(clock.instant(), mailbox.id(), weight));
            }
            if (i % 50 == 0) {
                assertThat(quotas.usage(mailbox.account(), mailbox.id(), plan))
                        .extracting(QuotaUsage::used)
                        .containsExactlyElementsOf(plan.sending().quotas().stream()
                                .map(quota -> used(history, mailbox, quota, clock.instant()))
                                .toList());
            }
        }
        assertThat(history).hasSizeGreaterThan(50);
    }

    private TakeOutcome expected(List<Sent> history, MailboxInfo mailbox, Plan plan, int weight) {
        for (var quota : plan.sending().quotas()) {
            if (quota.counting() == Counting.RECIPIENTS && weight > quota.max()) {
                return new TakeOutcome.NeverFits(new Refusal.TooManyRecipients(quota.max()));
            }
        }
        var full = new ArrayList<Refusal.QuotaReached>();
        for (var quota : plan.sending().quotas()) {
            long used = used(history, mailbox, quota, clock.instant());
            int its = quota.counting() == Counting.MESSAGES ? 1 : weight;
            if (used + its > quota.max()) {
                full.add(new Refusal.QuotaReached(quota, used, whenFree(history, mailbox, quota, its)));
            }
        }
        if (full.isEmpty()) {
            return new TakeOutcome.Taken(newTo(mailbox, history, weight));
        }
        // One that refuses decides before all that defer; among equals the one free last, and of those the first.
        var refuses = full.stream().anyMatch(each -> each.quota().atLimit() == AtLimit.REFUSE);
        var last = full.stream()
                .map(Refusal.QuotaReached::nextSlot)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        var deciding = full.stream()
                .filter(each -> !refuses || each.quota().atLimit() == AtLimit.REFUSE)
                .reduce((one, next) -> next.nextSlot().isAfter(one.nextSlot()) ? next : one)
                .orElseThrow();
        return new TakeOutcome.QuotaReached(new Refusal.QuotaReached(deciding.quota(), deciding.used(), last));
    }

    /** Everybody writes to the first so many people. */
    private static List<String> newTo(MailboxInfo mailbox, List<Sent> history, int weight) {
        int known = history.stream()
                .filter(sent -> sent.mailbox().equals(mailbox.id()))
                .mapToInt(Sent::weight)
                .max()
                .orElse(0);
        return people(known, Math.max(0, weight - known)).stream()
                .map(Address::toString)
                .sorted()
                .toList();
    }

    private static long used(List<Sent> history, MailboxInfo mailbox, SendQuota quota, Instant now) {
        return history.stream()
                .filter(sent ->
                        quota.subject() == Subject.ACCOUNT || sent.mailbox().equals(mailbox.id()))
                .filter(sent -> sent.at().isAfter(now.minus(quota.window())))
                .mapToLong(sent -> quota.counting() == Counting.MESSAGES ? 1 : sent.weight())
                .sum();
    }

    /** The first moment at which something leaves the window and enough is free. */
    private static Instant whenFree(List<Sent> history, MailboxInfo mailbox, SendQuota quota, int weight) {
        return history.stream()
                .map(sent -> sent.at().plus(quota.window()))
                .sorted()
                .filter(then -> used(history, mailbox, quota, then) + weight <= quota.max())
                .filter(then -> then.isAfter(history.getLast().at()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("keep the newest event that is older than the longest window, and prune the rest in batches")
    void pruning() {
        var plan = plan(quota(Subject.MAILBOX, SendQuota.MAX_WINDOW, 100));
        clock.set(Instant.now().minus(Duration.ofDays(60)));
        for (int i = 0; i < 50; i++) {
            take(ann, plan, 1);
            clock.advance(Duration.ofDays(1));
        }
        clock.set(Instant.now());
        long before = quotas.usage(ann.account(), ann.id(), plan).getFirst().used();
        long removed = quotas.prune(1, 7);
        assertThat(before).isEqualTo(20);
        assertThat(removed).isEqualTo(2 * 29);
        assertThat(quotas.prune(10, 1_000)).isZero();
        assertThat(quotas.usage(ann.account(), ann.id(), plan).getFirst().used())
                .isEqualTo(before);
    }
}
