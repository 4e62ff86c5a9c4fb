package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.failed;
import static org.postern.accounts.World.in;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.PlanImpact.Limit;
import org.postern.accounts.PlanOverride.Kind;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.testkit.ScratchDatabase;

@DisplayName("What accounts and mailboxes have different from their plans")
class PlanOverridesTest {
    private static final PlanSubject ACME = new PlanSubject.OfAccount(new AccountName("Acme"));
    private static final PlanSubject ANN = new PlanSubject.OfMailbox(World.address("ann"));
    private static final PlanName LARGE = new PlanName("large");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(6);

    private World world;
    private PlanOverrides overrides;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        world.plans.replace(World.plans(World.plan(World.SMALL, World.CAP), World.plan(LARGE, World.CAP)));
        world.mailbox("ann");
        world.mailbox("bob");
        overrides = new PlanOverrides(world.database, world.plans);
    }

    private long storageOf(String localPart) {
        var mailbox = done(world.mailboxes.show(World.address(localPart)));
        var known = (PlanLookup.Known) new Entitlements(world.database, world.plans).planOf(mailbox.id());
        return known.plan().storage().bytes();
    }

    @Test
    @DisplayName("are set, listed and removed; a mailbox's go over its account's")
    void setAndRemove() {
        done(overrides.set(ACME, Map.of("storage", "5", "cap", "2")));
        done(overrides.set(ANN, Map.of("storage", "7")));
        assertThat(storageOf("ann")).isEqualTo(7);
        assertThat(storageOf("bob")).isEqualTo(5);
        assertThat(done(overrides.list(Optional.empty())))
                .extracting(PlanOverride::kind, PlanOverride::subject, PlanOverride::key, PlanOverride::value)
                .containsExactly(
                        tuple(Kind.ACCOUNT, "Acme", "cap", "2"),
                        tuple(Kind.ACCOUNT, "Acme", "storage", "5"),
                        tuple(Kind.MAILBOX, "ann@example.org", "storage", "7"));
        assertThat(done(overrides.remove(ANN, List.of("storage")))).isEmpty();
        assertThat(storageOf("ann")).isEqualTo(5);
        assertThat(done(overrides.remove(ACME, List.of()))).isEmpty();
        assertThat(storageOf("ann")).isEqualTo(1 << 30);
    }

    @Test
    @DisplayName("that do not fit the plan are refused, and change nothing")
    void refused() {
        done(overrides.set(ANN, Map.of("storage", "7")));
        assertThat(failed(overrides.set(ANN, Map.of("storage", "8", "colour", "1"))))
                .isEqualTo(new Problem.Invalid("mailbox ann@example.org: colour: no such key"));
        assertThat(storageOf("ann")).isEqualTo(7);
        assertThat(failed(overrides.remove(ANN, List.of("cap")))).isInstanceOf(Problem.Invalid.class);
        assertThat(failed(overrides.set(new PlanSubject.OfMailbox(World.address("nobody")), Map.of())))
                .isEqualTo(new Problem.NoSuchMailbox(World.address("nobody")));
        assertThat(failed(overrides.list(Optional.of(new PlanSubject.OfAccount(new AccountName("None"))))))
                .isEqualTo(new Problem.NoSuchAccount("None"));
    }

    @Test
    @DisplayName("must fit the plan that an account moves to; those that would not fit other plans are named")
    void unfit() {
        done(overrides.set(ANN, Map.of("storage", "7")));
        var without =
                new Plans(Map.of(LARGE, World.plan(LARGE, World.CAP), World.SMALL, World.plan(World.SMALL, World.CAP)));
        assertThat(overrides.unfit(without)).containsExactly("mailbox ann@example.org: plan small takes no overrides");
        assertThat(overrides.unfit(world.plans.all())).isEmpty();
        world.plans.replace(without);
        assertThat(failed(world.accounts.changePlan(new AccountName("Acme"), LARGE)))
                .isEqualTo(new Problem.Invalid("mailbox ann@example.org: plan large takes no overrides"));
        assertThat(done(world.accounts.show(new AccountName("Acme"))).plan()).isEqualTo(World.SMALL);
    }

    @Test
    @DisplayName("are felt by live sessions on every node, as is another plan")
    void live() {
        try (var one = SCRATCH.anotherNode();
                var hears = one.listen();
                var node = world.node(one, hears, LeaseSettings.of("one"))) {
            var secret = world.token("ann", "Phone").secret();
            var access = in(node.logins().logIn(attempt("ann@example.org", secret)));
            done(overrides.set(ANN, Map.of("storage", "7")));
            await().atMost(5, SECONDS).until(() -> access.plan().storage().bytes() == 7);
            done(overrides.set(ACME, Map.of("cap", "4")));
            var four = Optional.of(new ConnectionCap(4, 4));
            await().atMost(5, SECONDS)
                    .until(() -> access.plan()
                            .rights(Protocol.IMAP)
                            .map(rights -> rights.cap())
                            .equals(four));
            done(world.accounts.changePlan(new AccountName("Acme"), LARGE));
            await().atMost(5, SECONDS).until(() -> access.plan().name().equals(LARGE));
            assertThat(access.plan().storage().bytes()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("keep a change of the plan from concerning whoever has them; the rest are counted, over or not")
    void impact() {
        var impact = new PlanImpact(world.database);
        done(world.mailboxes.show(World.address("ann")));
        done(overrides.set(new PlanSubject.OfMailbox(World.address("bob")), Map.of("storage", "7")));
        assertThat(impact.concerned(World.SMALL, "storage", Subject.MAILBOX)).isOne();
        assertThat(impact.concerned(World.SMALL, "cap", Subject.MAILBOX)).isEqualTo(2);
        assertThat(impact.concerned(World.SMALL, "cap", Subject.ACCOUNT)).isOne();
        assertThat(impact.concerned(LARGE, "cap", Subject.MAILBOX)).isZero();
        try (var hears = world.database.listen();
                var node = world.node(world.database, hears, LeaseSettings.of("one"))) {
            var secret = world.token("ann", "Phone").secret();
            for (int i = 1; i <= 3; i++) {
                in(node.logins()
                        .logIn(attempt("ann@example.org", secret, Protocol.IMAP, World.client("192.0.2." + i % 2))));
            }
            assertThat(List.of(2, 3))
                    .map(max -> over(impact, new Limit.Connections(Protocol.IMAP, ConnectionCap.Per.MAILBOX, max)))
                    .containsExactly(1L, 0L);
            assertThat(List.of(1, 2))
                    .map(max ->
                            over(impact, new Limit.Connections(Protocol.IMAP, ConnectionCap.Per.CLIENT_ADDRESS, max)))
                    .containsExactly(1L, 0L);
            assertThat(over(impact, new Limit.Connections(Protocol.POP3, ConnectionCap.Per.MAILBOX, 0)))
                    .isZero();
            var people = List.of(World.address("x"), World.address("y"));
            try (var sending = in(node.logins()
                    .logIn(attempt("ann@example.org", secret, Protocol.SMTP, World.client("192.0.2.1"))))) {
                world.database.transact(tx -> node.sendQuotas().take(tx, sending, people));
            }
        }
        assertThat(List.of(1, 2))
                .map(max -> over(impact, sending(Subject.MAILBOX, max)))
                .containsExactly(1L, 0L);
        assertThat(List.of(1, 2))
                .map(max -> over(impact, sending(Subject.ACCOUNT, max)))
                .containsExactly(1L, 0L);
        assertThat(List.of(1, 2))
                .map(max -> over(impact, new Limit.NewRecipients(max)))
                .containsExactly(1L, 0L);
    }

    private static long over(PlanImpact impact, Limit limit) {
        return impact.over(World.SMALL, "any", limit);
    }

    private static Limit sending(Subject by, int max) {
        return new Limit.Sending(new SendQuota(by, Duration.ofHours(1), Counting.RECIPIENTS, max, AtLimit.DEFER));
    }
}
