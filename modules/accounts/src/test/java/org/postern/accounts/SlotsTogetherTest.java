package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.SendQuotas.Sending;
import org.postern.accounts.event.Events;
import org.postern.database.Undone;
import org.postern.model.Address;
import org.postern.model.AtLimit;
import org.postern.model.NewRecipientLimit;
import org.postern.model.Plan;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SettableClock;

@DisplayName("Slots taken together")
class SlotsTogetherTest {
    private static final long SEED = 20261127;

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(4);

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-11-27T12:00:00Z"));
    private World world;
    private Events events;
    private SendQuotas quotas;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        var meters = new SimpleMeterRegistry();
        events = new Events(world.database, meters, InstantSource.system(), name -> false);
        quotas = SendQuotas.at(clock, world.database, events, new AccountsMeters(meters));
    }

    @AfterEach
    void stop() {
        events.close();
    }

    private static SendQuota quota(Subject subject, Duration window, Counting counting, int max) {
        return new SendQuota(subject, window, counting, max, AtLimit.DEFER);
    }

    /** With limits of each kind, all of them within reach. */
    private static Plan plan() {
        var quotas = List.of(
                quota(Subject.MAILBOX, Duration.ofHours(1), Counting.MESSAGES, 9),
                quota(Subject.MAILBOX, Duration.ofDays(1), Counting.RECIPIENTS, 60),
                quota(Subject.MAILBOX, Duration.ofHours(2), Counting.RECIPIENTS, 22));
        var sending = new Plan.Sending(true, quotas, 100, Optional.of(new NewRecipientLimit(12, AtLimit.REFUSE)));
        var plan = World.plan(World.SMALL, World.CAP);
        return new Plan(plan.name(), plan.protocols(), sending, plan.storage(), plan.maxMessageBytes());
    }

    private static Sending from(MailboxInfo mailbox, Plan plan, List<Address> to) {
        return new Sending(mailbox.account(), mailbox.id(), plan.sending(), to);
    }

    private List<List<String>> together(List<Sending> messages) {
        return world.database.once(tx -> tx.value(quotas.takeTogetherOrUndo(messages)));
    }

    private TakeOutcome alone(MailboxInfo mailbox, Plan plan, List<Address> to) {
        return world.database.transact(
                tx -> quotas.take(tx, mailbox.account(), mailbox.id(), plan, to, UnaryOperator.identity()));
    }

    private static boolean isTaken(TakeOutcome outcome) {
        return outcome instanceof TakeOutcome.Taken;
    }

    @Test
    @DisplayName(
            "are those that a mailbox with the same limits takes one by one, through windows, limits and new recipients")
    void sameAsAlone() {
        var random = new Random(SEED);
        var plan = plan();
        var grouped = world.mailbox("grouped");
        var single = world.mailbox("single");
        int takenTogether = 0;
        int undone = 0;
        for (int step = 0; step < 250; step++) {
            clock.advance(Duration.ofMinutes(random.nextInt(40)));
            var messages = new ArrayList<List<Address>>();
            int count = 1 + random.nextInt(4);
            while (messages.size() < count) {
                messages.add(random.ints(1 + random.nextInt(3), 0, 8 + step / 3)
                        .distinct()
                        .mapToObj(i -> World.address("p" + i))
                        .toList());
            }
            var expected = messages.stream().map(to -> alone(single, plan, to)).toList();
            var group = messages.stream().map(to -> from(grouped, plan, to)).toList();
            if (expected.stream().allMatch(SlotsTogetherTest::isTaken)) {
                assertThat(together(group))
                        .as("step %d", step)
                        .isEqualTo(expected.stream()
                                .map(one -> ((TakeOutcome.Taken) one).newRecipients())
                                .toList());
                takenTogether++;
            } else {
                assertThatExceptionOfType(Undone.class).as("step %d", step).isThrownBy(() -> together(group));
                assertThat(messages.stream().map(to -> alone(grouped, plan, to)).toList())
                        .as("step %d", step)
                        .isEqualTo(expected);
                undone++;
            }
            assertThat(quotas.usage(grouped.account(), grouped.id(), plan))
                    .as("step %d", step)
                    .isEqualTo(quotas.usage(single.account(), single.id(), plan));
            assertThat(quotas.newRecipients(grouped.account(), grouped.id(), plan))
                    .as("step %d", step)
                    .isEqualTo(quotas.newRecipients(single.account(), single.id(), plan));
        }
        assertThat(List.of(takenTogether, undone))
                .allSatisfy(times -> assertThat(times).isGreaterThan(30));
    }

    @Test
    @DisplayName("of several accounts are all taken or none, and count for account and mailbox alike")
    void accounts() {
        var plan = World.plan(
                World.SMALL,
                World.CAP,
                quota(Subject.ACCOUNT, Duration.ofHours(1), Counting.MESSAGES, 2),
                quota(Subject.MAILBOX, Duration.ofHours(1), Counting.MESSAGES, 2));
        var ann = world.mailbox("ann");
        var bob = world.mailbox("bob");
        var to = List.of(World.address("p"));
        assertThat(together(List.of(from(ann, plan, to), from(bob, plan, to))))
                .containsExactly(
                        List.of(to.getFirst().toString()), List.of(to.getFirst().toString()));
        assertThatExceptionOfType(Undone.class)
                .as("one account has both")
                .isThrownBy(() -> together(List.of(from(ann, plan, to))));
        assertThat(quotas.usage(ann.account(), ann.id(), plan))
                .extracting(QuotaUsage::used)
                .containsExactly(2L, 1L);
        assertThat(world.count("SELECT count(*) FROM send_event"))
                .as("one of each at one moment")
                .isEqualTo(3);
    }

    @Test
    @DisplayName("to an address that was last written to long ago are no new ones, and remember it again")
    void faded() {
        var plan = plan();
        var ann = world.mailbox("ann");
        var to = List.of(World.address("old"), World.address("older"));
        assertThat(together(List.of(from(ann, plan, to), from(ann, plan, to))))
                .containsExactly(List.of("old@example.org", "older@example.org"), List.of());
        clock.advance(Duration.ofDays(200));
        assertThat(together(List.of(from(ann, plan, to)))).containsExactly(List.of());
        assertThat(world.count("SELECT count(*) FROM known_recipient WHERE last_at = ?::timestamptz", clock.instant()))
                .isEqualTo(2);
    }

    @Test
    @DisplayName("are none while a mailbox may not send")
    void locked() {
        var plan = plan();
        var ann = world.mailbox("ann");
        var bob = world.mailbox("bob");
        var to = List.of(World.address("p"));
        world.database.transact(tx -> tx.update(
                "UPDATE mailbox SET sending_locked_at = now() WHERE mailbox_id = ?",
                bob.id().value()));
        assertThatExceptionOfType(Undone.class)
                .isThrownBy(() -> together(List.of(from(ann, plan, to), from(bob, plan, to))));
        assertThat(together(List.of(from(ann, plan, to)))).hasSize(1);
    }
}
