package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.database.Database;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.model.TokenId;
import org.postern.testkit.OnScratch;

/** Whoever comes back at once goes on with it; nobody is refused for it; and it never lets in one more than the cap. */
@DisplayName("A slot that a session has left")
class SpareSlotsTest {
    /** No test lasts as long. */
    private static final int LONG = (int) LeaseSettings.MAX_SPARE.toMillis();

    private static final int SHORT = 300;

    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    SpareSlotsTest(Fleet fleet) {
        this.fleet = fleet;
    }

    private AccountsNode node(int spareMillis) {
        return fleet.node(World.lease(200, 10_000, 2_000, spareMillis));
    }

    private static void change(Database database, String sql) {
        assertThat((int) database.once(tx -> tx.update(sql))).isPositive();
    }

    @Test
    @DisplayName("is the next session's of the same client: one round trip to log in, none to log out")
    void takenOver() throws Exception {
        var deaf = fleet.world.database.listen();
        deaf.close();
        try (var wire = new RoundTrips(fleet.settings());
                var database = Database.attach(wire.through(fleet.settings()));
                var node = fleet.world.node(database, deaf, World.lease(9_000, 30_000, 9_000, LONG))) {
            var first = in(node.logins().logIn(attempt("ann@example.org", fleet.secret)));
            first.close();
            for (int i = 0; i < 20; i++) { // The driver prepares statements on the server after some uses.
                int before = wire.count();
                var next = attempt("ann@example.org", fleet.secret);
                var access = in(node.logins().logIn(next));
                assertThat(wire.count() - before).as("login %d", i).isOne();
                assertThat(access.id()).isEqualTo(first.id());
                assertThat(fleet.world.count(
                                "SELECT count(*) FROM connection WHERE session_id = ? AND opened_at > ?",
                                next.sessionId(),
                                Instant.now().minusSeconds(60)))
                        .isOne();
                assertThat(node.registry().size()).isOne();
                int during = wire.count();
                access.close();
                assertThat(wire.count() - during).as("logout %d", i).isZero();
                assertThat(node.registry().size()).isZero();
            }
            assertThat(fleet.rows()).isOne();
        }
        assertThat(fleet.rows()).as("a node that stops leaves none").isZero();
    }

    @Test
    @DisplayName(
            "is nobody else's: another client, token or protocol, or the same under another cap, gets one of its own")
    void ofNobodyElse() {
        var node = node(LONG);
        var laptop = fleet.world.token("ann", "Laptop").secret();
        var first = in(fleet.tryFrom(node, fleet.secret, "192.0.2.1"));
        first.close();
        assertThat(in(fleet.tryFrom(node, fleet.secret, "192.0.2.2")).id()).isNotEqualTo(first.id());
        assertThat(in(fleet.tryFrom(node, laptop, "192.0.2.1")).id()).isNotEqualTo(first.id());
        var smtp = attempt("ann@example.org", fleet.secret, Protocol.SMTP, World.client("192.0.2.1"));
        assertThat(in(node.logins().logIn(smtp)).id()).isNotEqualTo(first.id());
        fleet.plan(new ConnectionCap(9, 9));
        assertThat(in(fleet.tryFrom(node, fleet.secret, "192.0.2.1")).id()).isNotEqualTo(first.id());
        fleet.plan(Fleet.TEN);
        assertThat(in(fleet.tryFrom(node, fleet.secret, "192.0.2.1")).id()).isEqualTo(first.id());
        assertThat(in(fleet.tryFrom(node, fleet.secret, "192.0.2.1")).id())
                .as("taken already")
                .isNotEqualTo(first.id());
    }

    @Test
    @DisplayName("of an exempt client goes on not to count")
    void exempt() {
        fleet.plan(new ConnectionCap(1, 1));
        var node = node(LONG);
        var webmail = in(fleet.tryFrom(node, fleet.secret, "198.51.100.1"));
        webmail.close();
        in(fleet.tryFrom(node, fleet.secret, "192.0.2.1"));
        assertThat(in(fleet.tryFrom(node, fleet.secret, "198.51.100.1")).id()).isEqualTo(webmail.id());
        assertThat(fleet.world.count("SELECT count(*) FROM connection WHERE NOT exempt"))
                .isOne();
    }

    @Test
    @DisplayName("is free a moment later, and not looked for as a lost one meanwhile")
    void free() {
        var node = node(SHORT);
        var access = fleet.logIn(node);
        change(fleet.world.database, "UPDATE connection SET opened_at = now() - interval '1 h'");
        access.close();
        node.registry().beat();
        assertThat(fleet.rows()).isOne();
        await().atMost(10, SECONDS).until(() -> fleet.rows() == 0);
    }

    static Stream<UnaryOperator<String>> lost() {
        return Stream.of(
                id -> "UPDATE connection SET kicked = true WHERE connection_id = " + id,
                id -> "DELETE FROM connection WHERE connection_id = " + id,
                id -> "UPDATE connection SET node_id = gen_random_uuid() WHERE connection_id = " + id);
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("that an administrator ended, or that is gone, is replaced with a new one")
    void lost(UnaryOperator<String> how) {
        var node = node(LONG);
        var first = fleet.logIn(node);
        first.close();
        change(fleet.world.database, how.apply(first.id().toString()));
        var second = fleet.logIn(node);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(fleet.world.count(
                        "SELECT count(*) FROM connection WHERE node_id = ?",
                        node.registry().node()))
                .isOne();
    }

    @Test
    @DisplayName("opens nothing for a token that was revoked meanwhile")
    void revoked() {
        var node = node(LONG);
        fleet.logIn(node).close();
        fleet.logIn(node).close(); // Known, so the slot is asked for with the same statement.
        done(fleet.world.tokens.revoke(World.address("ann"), "Phone"));
        assertThat(fleet.refusal(node)).isInstanceOf(Refusal.AuthFailed.class);
    }

    @Test
    @DisplayName("is freed with the session that was ended from outside")
    void ended() {
        var node = node(LONG);
        var access = fleet.logIn(node);
        access.end(new Refusal.AccessEnded());
        access.close();
        assertThat(fleet.rows()).isZero();
    }

    @Test
    @DisplayName("is registered no more after a crash of the database; the next session is")
    void crash() {
        var node = node(LONG);
        fleet.logIn(node).close();
        var live = fleet.logIn(node);
        fleet.logIn(node).close();
        fleet.world.database.once(tx -> tx.update("TRUNCATE node, connection, registry_whole"));
        node.registry().beat();
        assertThat(fleet.rows()).isOne();
        var next = fleet.logIn(node);
        assertThat(fleet.rows()).isEqualTo(2);
        assertThat(next.id()).isNotEqualTo(live.id());
        assertThat(live.ended()).isEmpty();
    }

    @Test
    @DisplayName("is not gone on with by a node whose lease others have seen run out")
    void lapsed() {
        var node = fleet.node(World.lease(9_000, 30_000, 9_000, LONG));
        var first = fleet.logIn(node);
        first.close();
        change(fleet.world.database, "UPDATE node SET lease_until = now() - interval '1 s'");
        await().atMost(10, SECONDS)
                .until(() -> fleet.tryFrom(node, fleet.secret, "192.0.2.1") instanceof LoginOutcome.LoggedIn(var next)
                        && !next.id().equals(first.id()));
        assertThat(fleet.rows()).isOne();
    }

    @Test
    @DisplayName("of a node that died is free when its lease is over")
    void deadNode() {
        fleet.plan(new ConnectionCap(1, 1));
        var dying = fleet.node(World.lease(200, 2_000, 500, LONG));
        var survivor = node(SHORT);
        fleet.logIn(dying).close();
        fleet.kill(dying);
        await().atMost(10, SECONDS)
                .until(() -> fleet.tryFrom(survivor, fleet.secret, "192.0.2.1") instanceof LoginOutcome.LoggedIn);
    }

    @Test
    @DisplayName("is left while the database is away, gone on with by nobody then, and free soon after it is back")
    void databaseAway() throws Exception {
        try (var wire = new RoundTrips(fleet.settings());
                var database = Database.attach(wire.through(fleet.settings()));
                var notifications = database.listen();
                var node = fleet.world.node(database, notifications, World.lease(200, 20_000, 2_000, LONG))) {
            var first = in(node.logins().logIn(attempt("ann@example.org", fleet.secret)));
            wire.cut(true);
            first.close();
            assertThat(fleet.refusal(node)).isEqualTo(new Refusal.Unavailable());
            assertThat(fleet.rows()).isOne();
            wire.cut(false);
            await().atMost(10, SECONDS).until(() -> fleet.rows() == 0);
            assertThat(fleet.logIn(node).id()).isNotEqualTo(first.id());
        }
    }

    @Test
    @DisplayName("is freed at once when one of the same node needs it")
    void neededHere() {
        fleet.plan(new ConnectionCap(2, 2));
        var node = node(LONG);
        var laptop = fleet.world.token("ann", "Laptop").secret();
        var left = in(fleet.tryFrom(node, fleet.secret, "192.0.2.1"));
        in(fleet.tryFrom(node, fleet.secret, "192.0.2.1"));
        left.close();
        in(fleet.tryFrom(node, laptop, "192.0.2.2"));
        assertThat(fleet.rows()).isEqualTo(2);
        long began = System.nanoTime();
        assertThat(out(fleet.tryFrom(node, laptop, "192.0.2.2")).refusal()).isInstanceOf(Refusal.CapReached.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("nobody waits where all are here")
                .isLessThan(LeaseSettings.MAX_SPARE);
    }

    @Test
    @DisplayName("is waited for when one of another node needs it, and who finds none in time is refused")
    void neededElsewhere() {
        fleet.plan(new ConnectionCap(1, 1));
        var one = node(SHORT);
        var other = node(SHORT);
        var first = fleet.logIn(one);
        assertThat(fleet.refusal(other)).isInstanceOf(Refusal.CapReached.class);
        first.close();
        var second = fleet.logIn(other);
        assertThat(second.id()).isNotEqualTo(first.id());
        second.close();
        fleet.logIn(one);
        assertThat(fleet.rows()).isOne();
    }

    @Test
    @DisplayName("is not kept where the longest idle one has to go, nor by POP3, whose rules say who comes when")
    void neverSpare() {
        var node = node(LONG);
        in(node.logins().logIn(attempt("ann@example.org", fleet.secret, Protocol.POP3, World.HOME)))
                .close();
        assertThat(fleet.rows()).isZero();
        fleet.plan(new ConnectionCap(10, 10, 10, AtCap.END_LONGEST_IDLE));
        fleet.logIn(node).close();
        assertThat(fleet.rows()).isZero();
    }

    @Test
    @DisplayName("of clients that come and go on two nodes: never one more than the cap is in")
    void random() throws Exception {
        int cap = 4;
        fleet.plan(new ConnectionCap(cap, cap));
        var nodes = List.of(node(20), node(20));
        var secrets = List.of(fleet.secret, fleet.world.token("ann", "Laptop").secret());
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var loggedIn = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 2 * cap; i++) {
            var random = new Random(i);
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 40; n++) {
                    var node = nodes.get(random.nextInt(2));
                    var secret = secrets.get(random.nextInt(2));
                    if (fleet.tryFrom(node, secret, "192.0.2.1") instanceof LoginOutcome.LoggedIn(var access)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        most.accumulateAndGet((int) fleet.rows(), Math::max);
                        loggedIn.incrementAndGet();
                        inside.decrementAndGet();
                        access.close();
                    }
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isLessThanOrEqualTo(cap);
        assertThat(loggedIn).hasPositiveValue();
        await().atMost(10, SECONDS).until(() -> fleet.rows() == 0);
    }

    @Test
    @DisplayName("is one of so many at most; one more is freed at once")
    void bound() {
        var holder = new SlotHolder(new MailboxId(1), new TokenId(1), Protocol.IMAP, World.HOME, false, Fleet.TEN);
        var spare = new SpareSlots(Duration.ofHours(1));
        assertThat(LongStream.range(0, SpareSlots.MAX_SPARE).allMatch(id -> spare.keep(id, holder)))
                .isTrue();
        assertThat(spare.keep(SpareSlots.MAX_SPARE, holder)).isFalse();
        assertThat(spare.takeOld()).isEmpty();
        assertThat(spare.take(holder)).hasValue(SpareSlots.MAX_SPARE - 1);
        assertThat(spare.takeAll(each -> true)).hasSize(SpareSlots.MAX_SPARE - 1);
        assertThat(spare.take(holder)).isEmpty();
    }
}
