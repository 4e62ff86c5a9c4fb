package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.AbuseThresholds;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.Plan;
import org.postern.model.Pop3Rules;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.Refusal;
import org.postern.model.StorageLimit;
import org.postern.testkit.ScratchDatabase;

@SuppressWarnings("NullAway.Init") // Each test begins with the rules of its own world.
@DisplayName("POP3's rules, on two nodes with one database")
class Pop3RulesTest {
    private static final int CLIENTS = 60;

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(8);

    private World world;
    private String secret;

    private void world(Pop3Rules rules) {
        world(rules, new ConnectionCap(20, 20));
    }

    private void world(Pop3Rules rules, ConnectionCap cap) {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        var rights = Map.of(Protocol.POP3, ProtocolRights.of(cap));
        world.plans.replace(World.plans(new Plan(
                World.SMALL,
                rights,
                rules,
                Plan.Sending.none(),
                AbuseThresholds.NONE,
                new StorageLimit(1 << 30),
                50 << 20)));
        world.mailbox("ann");
        secret = world.token("ann", "Phone").secret();
    }

    private AccountsNode node(Database database, Notifications notifications) {
        return world.node(database, notifications, World.lease(200, 20_000, 2_000));
    }

    private LoginOutcome logIn(AccountsNode node) {
        return node.logins().logIn(attempt("ann@example.org", secret, Protocol.POP3, World.HOME));
    }

    @Test
    @DisplayName(
            "RFC 2449 §8.1.1: of many clients racing for the maildrop exactly one gets it, all others hear that it is in use")
    void singleSession() throws InterruptedException {
        world(new Pop3Rules(true, Optional.empty()));
        try (var other = SCRATCH.anotherNode();
                var heard = world.database.listen();
                var otherHeard = other.listen();
                var first = node(world.database, heard);
                var second = node(other, otherHeard)) {
            var admitted = new ConcurrentLinkedQueue<Access>();
            var refused = new ConcurrentLinkedQueue<Refusal>();
            race(List.of(first, second), admitted, refused);
            assertThat(admitted).hasSize(1);
            assertThat(refused).hasSize(CLIENTS - 1).hasOnlyElementsOfType(Refusal.MaildropInUse.class);

            admitted.element().close();
            in(logIn(second)).close();
        }
        assertThat(world.count("SELECT count(*) FROM event WHERE case_name = 'in-use' AND session_id IS NOT NULL"))
                .isPositive();
    }

    private void race(
            List<AccountsNode> nodes, ConcurrentLinkedQueue<Access> admitted, ConcurrentLinkedQueue<Refusal> refused)
            throws InterruptedException {
        var start = new CountDownLatch(1);
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < CLIENTS; i++) {
            var node = nodes.get(i % 2);
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                switch (logIn(node)) {
                    case LoginOutcome.LoggedIn(var access) -> admitted.add(access);
                    case LoginOutcome.Refused refusal -> refused.add(refusal.refusal());
                }
            }));
        }
        start.countDown();
        for (var thread : threads) {
            thread.join();
        }
    }

    @Test
    @DisplayName("RFC 2449 §6.5: a login before the delay is over is refused, and does not begin it anew")
    void loginDelay() {
        world(new Pop3Rules(false, Optional.of(Duration.ofMinutes(5))));
        try (var heard = world.database.listen();
                var node = node(world.database, heard)) {
            in(logIn(node)).close();
            var soon = (Refusal.CheckedTooOften) out(logIn(node)).refusal();
            assertThat(soon.left()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));

            world.database.once(tx -> tx.update("UPDATE pop3_login SET at = at - interval '4 minutes'"));
            assertThat(out(logIn(node)).refusal()).isInstanceOf(Refusal.CheckedTooOften.class);
            world.database.once(tx -> tx.update("UPDATE pop3_login SET at = at - interval '1 minute'"));
            in(logIn(node)).close();
        }
    }

    @Test
    @DisplayName(
            "a login takes the slot of the longest idle; the delay begins when it is in, and not when it waited in vain")
    void endsLongestIdle() {
        world(
                new Pop3Rules(false, Optional.of(Duration.ofMinutes(5))),
                new ConnectionCap(1, 1, 1, AtCap.END_LONGEST_IDLE));
        try (var heard = world.database.listen();
                var node = node(world.database, heard)) {
            var stuck = in(logIn(node));
            forgetDelay();
            assertThat(out(logIn(node)).refusal()).isInstanceOf(Refusal.CapReached.class);
            assertThat(stuck.ended()).contains(new Refusal.Replaced());
            stuck.close();

            var idle = in(logIn(node));
            assertThat(out(logIn(node)).refusal()).isInstanceOf(Refusal.CheckedTooOften.class);
            assertThat(idle.ended())
                    .as("nobody leaves for one that comes too soon")
                    .isEmpty();
            forgetDelay();
            idle.onEnd(why -> Thread.ofVirtual().start(idle::close));
            var next = in(logIn(node));
            assertThat(idle.ended()).contains(new Refusal.Replaced());
            assertThat(out(logIn(node)).refusal()).isInstanceOf(Refusal.CheckedTooOften.class);
            next.close();
        }
    }

    private void forgetDelay() {
        world.database.once(tx -> tx.update("UPDATE pop3_login SET at = at - interval '5 minutes'"));
    }
}
