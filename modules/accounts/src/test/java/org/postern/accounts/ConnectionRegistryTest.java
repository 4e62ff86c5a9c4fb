package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.ConnectionId;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.testkit.ScratchDatabase;

@DisplayName("Connections of two nodes on one database")
class ConnectionRegistryTest {
    private static final ConnectionCap TEN = new ConnectionCap(10, 10);

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(8);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private World world;
    private String secret;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        world.plans.replace(World.plans(World.plan(World.SMALL, TEN)));
        world.mailbox("ann");
        secret = world.token("ann", "Phone").secret();
    }

    @AfterEach
    void stop() throws Exception {
        for (var each : open) {
            each.close();
        }
    }

    private AccountsNode node(LeaseSettings lease) {
        var database = SCRATCH.anotherNode();
        Notifications notifications = database.listen();
        var node = world.node(database, notifications, lease);
        open.push(database);
        open.push(notifications);
        open.push(node);
        return node;
    }

    /** A node that hears nothing but what its heartbeats find. */
    private AccountsNode deafNode(LeaseSettings lease) {
        var deaf = SCRATCH.database().listen();
        deaf.close();
        var database = SCRATCH.anotherNode();
        var node = world.node(database, deaf, lease);
        open.push(database);
        open.push(node);
        return node;
    }

    private AccountsNode steady() {
        return node(World.lease(200, 10_000, 2_000));
    }

    private Access logIn(AccountsNode node) {
        return in(node.logins().logIn(attempt("ann@example.org", secret)));
    }

    private Refusal refusal(AccountsNode node) {
        return out(node.logins().logIn(attempt("ann@example.org", secret))).refusal();
    }

    private long rows() {
        return world.count("SELECT count(*) FROM connection");
    }

    @Test
    @DisplayName("STORE caps: of 200 racing for 10 slots exactly 10 are admitted, again and again")
    void race() throws Exception {
        var nodes = List.of(steady(), steady());
        for (int round = 0; round < 3; round++) {
            var admitted = new ConcurrentLinkedQueue<Access>();
            var refused = new ConcurrentLinkedQueue<Refusal>();
            var start = new CountDownLatch(1);
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 200; i++) {
                var logins = nodes.get(i % 2).logins();
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    switch (logins.logIn(attempt("ann@example.org", secret))) {
                        case LoginOutcome.LoggedIn(var access) -> admitted.add(access);
                        case LoginOutcome.Refused refusal -> refused.add(refusal.refusal());
                    }
                }));
            }
            start.countDown();
            for (var thread : threads) {
                thread.join();
            }
            assertThat(admitted).hasSize(10);
            assertThat(refused)
                    .hasSize(190)
                    .allSatisfy(why -> assertThat(why)
                            .isEqualTo(new Refusal.CapReached(
                                    Protocol.IMAP, 10, 10, ConnectionCap.Per.CLIENT_ADDRESS, World.SMALL)));
            assertThat(rows()).isEqualTo(10);
            admitted.forEach(Access::close);
            assertThat(rows()).isZero();
        }
    }

    private void plan(ConnectionCap cap) {
        world.plans.replace(World.plans(World.plan(World.SMALL, cap)));
    }

    private LoginOutcome tryFrom(AccountsNode node, String token, String address) {
        return node.logins().logIn(attempt("ann@example.org", token, Protocol.IMAP, World.client(address)));
    }

    @Test
    @DisplayName("are counted by token too, over all protocols' tokens and nodes")
    void perToken() {
        plan(new ConnectionCap(3, 4, 2, AtCap.REFUSE));
        var nodes = List.of(steady(), steady());
        var laptop = world.token("ann", "Laptop").secret();
        var first = in(tryFrom(nodes.getFirst(), secret, "192.0.2.1"));
        in(tryFrom(nodes.getLast(), secret, "192.0.2.2"));
        assertThat(out(tryFrom(nodes.getFirst(), secret, "192.0.2.3")).refusal())
                .isEqualTo(new Refusal.CapReached(Protocol.IMAP, 2, 2, ConnectionCap.Per.TOKEN, World.SMALL));
        in(tryFrom(nodes.getFirst(), laptop, "192.0.2.1"));
        in(tryFrom(nodes.getFirst(), laptop, "192.0.2.1"));
        first.close();
        in(tryFrom(nodes.getFirst(), secret, "192.0.2.4"));
        assertThat(rows()).isEqualTo(4);
    }

    @Test
    @DisplayName(
            "at a cap that ends the longest idle: the one of the same token that makes room, and only when it has closed")
    void endsLongestIdle() {
        plan(new ConnectionCap(2, 3, 3, AtCap.END_LONGEST_IDLE));
        var one = steady();
        var other = steady();
        var laptop = world.token("ann", "Laptop").secret();
        var oldest = closing(in(tryFrom(other, secret, "192.0.2.1")));
        var busy = closing(in(tryFrom(one, secret, "192.0.2.2")));
        var laptops = closing(in(tryFrom(one, laptop, "192.0.2.9")));
        oldest.idleIs(() -> Duration.ofMinutes(1));
        busy.idleIs(() -> Duration.ZERO);
        one.registry().beat(); // Whatever heartbeats told until now, the busy one was active since.
        var admitted = in(tryFrom(one, secret, "192.0.2.3"));
        assertThat(oldest.ended()).contains(new Refusal.Replaced());
        assertThat(busy.ended()).isEmpty();
        assertThat(admitted.ended()).isEmpty();
        assertThat(rows()).isEqualTo(3);
        // Another token ends its own, however long the others have been idle.
        in(tryFrom(other, laptop, "192.0.2.8"));
        assertThat(laptops.ended()).contains(new Refusal.Replaced());
        assertThat(busy.ended()).isEmpty();
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    @DisplayName("at the cap of a client network: only one of that network makes room")
    void endsOneOfTheNetwork() {
        plan(new ConnectionCap(1, 3, 3, AtCap.END_LONGEST_IDLE));
        var node = steady();
        var elsewhere = closing(in(tryFrom(node, secret, "192.0.2.1")));
        var here = closing(in(tryFrom(node, secret, "2001:db8::1")));
        in(tryFrom(node, secret, "2001:db8::ffff:2"));
        assertThat(here.ended()).contains(new Refusal.Replaced());
        assertThat(elsewhere.ended()).isEmpty();
        assertThat(rows()).isEqualTo(2);
    }

    /** A session that ends itself as soon as it is told to. */
    private static Access closing(Access access) {
        access.onEnd(why -> Thread.ofVirtual().start(access::close));
        return access;
    }

    @Test
    @DisplayName("whose idle times only their own nodes know: a heartbeat tells the others")
    void idleTimes() {
        plan(new ConnectionCap(2, 2, 2, AtCap.END_LONGEST_IDLE));
        var one = steady();
        var other = steady();
        var first = closing(logIn(one));
        var second = closing(logIn(other));
        second.idleIs(() -> Duration.ofHours(1)); // Silent since its login, but the first one is active.
        one.registry().beat();
        var newest = logIn(other);
        assertThat(second.ended()).contains(new Refusal.Replaced());
        assertThat(first.ended()).isEmpty();
        assertThat(newest.ended()).isEmpty();
    }

    @Test
    @DisplayName("are refused when the one that should end does not, or the token has none; never one over the cap")
    void nobodyMakesRoom() {
        plan(new ConnectionCap(1, 1, 1, AtCap.END_LONGEST_IDLE));
        var node = steady();
        var stuck = logIn(node);
        var laptop = world.token("ann", "Laptop").secret();
        assertThat(out(tryFrom(node, laptop, "192.0.2.1")).refusal()).isInstanceOf(Refusal.CapReached.class);
        assertThat(stuck.ended()).as("another token's").isEmpty();
        assertThat(refusal(node)).isInstanceOf(Refusal.CapReached.class);
        assertThat(stuck.ended()).contains(new Refusal.Replaced());
        assertThat(rows()).isOne();
        assertThat(refusal(node)).as("it is on its way out already").isInstanceOf(Refusal.CapReached.class);
        stuck.close();
        logIn(node);
        assertThat(rows()).isOne();
    }

    @Test
    @DisplayName("hand their slot over at a heartbeat when no notification is heard")
    void handOverUnheard() {
        plan(new ConnectionCap(1, 1, 1, AtCap.END_LONGEST_IDLE));
        var node = deafNode(World.lease(100, 10_000, 2_000));
        var idle = logIn(node);
        idle.onEnd(why -> Thread.ofVirtual().start(idle::close));
        logIn(node);
        assertThat(idle.ended()).contains(new Refusal.Replaced());
        assertThat(rows()).isOne();
    }

    @Test
    @DisplayName("of 100 that race on two nodes, each ending the longest idle: never more than the cap are in at once")
    void raceAtTheCap() throws Exception {
        plan(new ConnectionCap(10, 10, 10, AtCap.END_LONGEST_IDLE));
        var nodes = List.of(steady(), steady());
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var live = new ConcurrentLinkedQueue<Access>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 100; i++) {
            var node = nodes.get(i % 2);
            threads.add(Thread.ofVirtual().start(() -> {
                if (tryFrom(node, secret, "192.0.2.1") instanceof LoginOutcome.LoggedIn(var access)) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    live.add(access);
                    access.onEnd(why -> Thread.ofVirtual().start(() -> {
                        inside.decrementAndGet();
                        access.close();
                    }));
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        await().atMost(10, SECONDS).until(() -> rows() == inside.get());
        assertThat(most.get()).isEqualTo(10);
        assertThat(inside.get()).isEqualTo(10);
        live.forEach(Access::close);
        assertThat(rows()).isZero();
    }

    @Test
    @DisplayName("are admitted by the plan of one moment while the config is reloaded under load")
    void reloadUnderLoad() throws Exception {
        var few = new ConnectionCap(4, 4);
        var nodes = List.of(steady(), steady());
        var loggedIn = new AtomicInteger();
        var refused = new ConcurrentLinkedQueue<Refusal>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            var node = nodes.get(i % 2);
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 25; n++) {
                    switch (tryFrom(node, secret, "192.0.2.1")) {
                        case LoginOutcome.LoggedIn(var access) -> {
                            loggedIn.incrementAndGet();
                            access.close();
                        }
                        case LoginOutcome.Refused why -> refused.add(why.refusal());
                    }
                }
            }));
        }
        for (var thread : threads) {
            for (int n = 0; !thread.join(Duration.ofMillis(1)); n++) {
                plan(n % 2 == 0 ? few : TEN);
            }
        }
        assertThat(loggedIn).hasPositiveValue();
        assertThat(loggedIn.get() + refused.size()).isEqualTo(200);
        assertThat(refused)
                .allSatisfy(why -> assertThat(why)
                        .isInstanceOfSatisfying(
                                Refusal.CapReached.class,
                                full -> assertThat(full.max()).isIn(4, 10)));
        assertThat(rows()).isZero();
    }

    @Test
    @DisplayName("of a node that died are free when its lease is over, and swept away later")
    void leaseExpiry() {
        var dying = node(World.lease(200, 2_000, 500));
        var survivor = node(World.lease(200, 3_000, 1_000));
        for (int i = 0; i < 10; i++) {
            logIn(dying);
        }
        assertThat(refusal(survivor)).isInstanceOf(Refusal.CapReached.class);
        kill(dying);
        await().atMost(10, SECONDS)
                .until(() ->
                        survivor.logins().logIn(attempt("ann@example.org", secret)) instanceof LoginOutcome.LoggedIn);
        await().atMost(10, SECONDS).until(() -> rows() == 1);
        assertThat(world.count("SELECT count(*) FROM node_lease")).isOne();
    }

    /** Stops its heartbeats without giving anything back. */
    private void kill(AccountsNode node) {
        open.remove(node);
        node.registry().stopDead();
    }

    @Test
    @DisplayName("end on a node that cannot renew, before others stop counting them")
    void fencing() throws Exception {
        try (var wire = new RoundTrips(SCRATCH.settings());
                var database = Database.attach(wire.through(SCRATCH.settings()));
                var notifications = database.listen();
                var node = world.node(database, notifications, World.lease(200, 3_000, 1_500))) {
            var survivor = steady();
            var ended = new ConcurrentLinkedQueue<Refusal>();
            for (int i = 0; i < 10; i++) {
                logIn(node).onEnd(ended::add);
            }
            wire.cut(true);
            await().atMost(5, SECONDS).until(() -> ended.size() == 10);
            assertThat(ended).allSatisfy(why -> assertThat(why).isEqualTo(new Refusal.Unavailable()));
            assertThat(refusal(survivor)).as("still counted").isInstanceOf(Refusal.CapReached.class);
            assertThat(node.registry().hasLapsed()).isTrue();
            assertThat(refusal(node)).isEqualTo(new Refusal.Unavailable());
            await().atMost(5, SECONDS)
                    .until(() -> survivor.logins().logIn(attempt("ann@example.org", secret))
                            instanceof LoginOutcome.LoggedIn);
            // Back again, it takes a new lease; what had ended counts until it is closed.
            wire.cut(false);
            await().atMost(10, SECONDS).until(() -> !node.registry().hasLapsed());
            assertThat(refusal(node)).isInstanceOf(Refusal.CapReached.class);
        }
    }

    @Test
    @DisplayName("of a node that was frozen past its lease have ended before anything else is done with them")
    void frozen() {
        var node = node(World.lease(200, 1_000, 300));
        var access = logIn(node);
        node.registry().stopDead(); // Neither its heartbeat nor its fence run.
        await().atMost(5, SECONDS).until(() -> node.registry().hasLapsed());
        assertThat(access.ended()).contains(new Refusal.Unavailable());
        access.close();
        assertThat(rows()).as("nobody waits for a database that may be away").isOne();
        node.registry().beat();
        assertThat(rows()).isZero();
    }

    @Test
    @DisplayName("are registered again after a crash of the database, before anybody is admitted")
    void crash() {
        // Deaf, for a node that begins to listen beats at once; the heart first beats when this is over.
        var one = deafNode(World.lease(12_000, 30_000, 5_000));
        var other = deafNode(World.lease(12_000, 30_000, 5_000));
        var held = new ArrayList<Access>();
        for (int i = 0; i < 5; i++) {
            held.add(logIn(one));
            held.add(logIn(other));
        }
        world.database.once(tx -> tx.update("TRUNCATE node, connection, registry_whole, login_failure"));
        // The one node sets itself right with a login, when its last beat is a short pause ago; the other one has not
        // yet, so nobody is admitted.
        await().atMost(5, SECONDS).untilAsserted(() -> {
            assertThat(refusal(one)).isEqualTo(new Refusal.Unavailable());
            assertThat(rows()).isEqualTo(5);
        });
        other.registry().beat();
        assertThat(rows()).isEqualTo(10);
        assertThat(refusal(one)).isInstanceOf(Refusal.CapReached.class);
        assertThat(held).allSatisfy(access -> assertThat(access.ended()).isEmpty());
        held.removeFirst().close();
        held.add(logIn(other));
        assertThat(refusal(one)).isInstanceOf(Refusal.CapReached.class);
        assertThat(held.stream().map(Access::id)).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("are not waited for when their node died with the database")
    void crashWithDeadNode() {
        var dying = node(World.lease(200, 2_000, 500));
        var survivor = steady();
        logIn(dying);
        kill(dying);
        world.database.once(tx -> tx.update("TRUNCATE node, connection, registry_whole, login_failure"));
        assertThat(refusal(survivor)).isEqualTo(new Refusal.Unavailable());
        await().atMost(10, SECONDS)
                .until(() ->
                        survivor.logins().logIn(attempt("ann@example.org", secret)) instanceof LoginOutcome.LoggedIn);
    }

    @Test
    @DisplayName("end at once on all nodes when the token is revoked; others stay")
    void revocation() {
        var nodes = List.of(node(LeaseSettings.of("a")), node(LeaseSettings.of("b")));
        var laptop = world.token("ann", "Laptop").secret();
        var ended = new ConcurrentLinkedQueue<Refusal>();
        var held = new ArrayList<Access>();
        nodes.forEach(node -> {
            var access = logIn(node);
            access.onEnd(ended::add);
            held.add(access);
        });
        var stays = in(nodes.getFirst().logins().logIn(attempt("ann@example.org", laptop)));
        done(world.tokens.revoke(World.address("ann"), "phone"));
        await().atMost(2, SECONDS).until(() -> ended.size() == 2);
        assertThat(ended).allSatisfy(why -> assertThat(why).isEqualTo(new Refusal.AccessEnded()));
        assertThat(refusal(nodes.getLast())).isEqualTo(new Refusal.AuthFailed());
        assertThat(stays.ended()).isEmpty();
        // Who asks late hears it at once; the slot counts until the session has closed it.
        held.getFirst().onEnd(ended::add);
        assertThat(ended).hasSize(3);
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "end within a heartbeat when the notification is lost: revoked, expired, paused, suspended, switched off")
    void lostNotification() {
        var node = deafNode(World.lease(100, 10_000, 2_000));
        world.mailbox("bob");
        var bobs = world.token("bob", "Phone").secret();
        var revoked = logIn(node);
        done(world.tokens.revoke(World.address("ann"), "Phone"));
        await().atMost(3, SECONDS).until(() -> revoked.ended().isPresent());

        var paused = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        done(world.mailboxes.pause(World.address("bob")));
        await().atMost(3, SECONDS).until(() -> paused.ended().isPresent());
        done(world.mailboxes.resume(World.address("bob")));

        var suspended = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        done(world.accounts.suspend(new AccountName("Acme")));
        await().atMost(3, SECONDS).until(() -> suspended.ended().isPresent());
        done(world.accounts.resume(new AccountName("Acme")));

        var expired = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        var other = in(node.logins().logIn(attempt("bob@example.org", bobs, Protocol.SMTP, World.HOME)));
        world.database.once(tx -> tx.update("""
                INSERT INTO access_switch (mailbox_id, protocol, allowed, changed_by)
                SELECT mailbox_id, 'imap', false, 'test' FROM mailbox
                """));
        await().atMost(3, SECONDS).until(() -> expired.ended().isPresent());
        assertThat(other.ended()).isEmpty();
        world.database.once(tx -> tx.update("UPDATE client_token SET expires_at = now()"));
        await().atMost(3, SECONDS).until(() -> other.ended().isPresent());
    }

    @Test
    @DisplayName("are listed and kicked from any process")
    void kick() {
        var node = steady();
        var first = logIn(node);
        var second = logIn(node);
        var admin = new Connections(world.database);
        var listed = admin.list(Optional.of(first.mailbox()));
        assertThat(listed).extracting(ConnectionInfo::id).containsExactly(first.id(), second.id());
        assertThat(listed.getFirst().tokenName()).isEqualTo("Phone");
        assertThat(listed.getFirst().sessionId()).isEqualTo(first.sessionId());
        assertThat(listed.getFirst().counted()).isTrue();
        assertThat(admin.kick(first.id())).isTrue();
        await().atMost(3, SECONDS).until(() -> first.ended().isPresent());
        assertThat(second.ended()).isEmpty();
        assertThat(admin.kick(new ConnectionId(999_999))).isFalse();
        assertThat(done(admin.kick(World.address("ann")))).isEqualTo(2);
        await().atMost(3, SECONDS).until(() -> second.ended().isPresent());
        first.close();
        second.close();
        assertThat(admin.list(Optional.empty())).isEmpty();
    }

    @Test
    @DisplayName("whose rows somebody removed are registered again; rows that nobody has are freed")
    void reconciled() {
        var node = steady();
        var access = logIn(node);
        world.database.once(tx -> tx.update("DELETE FROM connection"));
        await().atMost(3, SECONDS).until(() -> rows() == 1);
        assertThat(access.ended()).isEmpty();
        world.database.once(tx -> tx.update(
                """
                INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address, client_network,
                                        session_id, opened_at)
                VALUES (?, ?, ?, 'imap', '192.0.2.1', '192.0.2.1', 'lost', now() - interval '1 min')
                """,
                node.registry().node(),
                access.mailbox().value(),
                access.token().value()));
        assertThat(rows()).isEqualTo(2);
        await().atMost(3, SECONDS).until(() -> rows() == 1);
    }

    @Test
    @DisplayName("are freed when their node stops in good order, and their sessions hear why")
    void goodOrder() {
        var node = steady();
        var access = logIn(node);
        var ended = new ArrayList<Refusal>();
        access.onEnd(ended::add);
        node.close();
        assertThat(ended).containsExactly(new Refusal.ShuttingDown());
        assertThat(rows()).isZero();
        assertThat(world.count("SELECT count(*) FROM node_lease")).isZero();
        access.close();
        assertThat(refusal(node)).isEqualTo(new Refusal.Unavailable());
    }

    @Test
    @DisplayName("that are closed while the database is away are freed when it is back")
    void closedWhileAway() throws Exception {
        try (var wire = new RoundTrips(SCRATCH.settings());
                var database = Database.attach(wire.through(SCRATCH.settings()))) {
            var deaf = SCRATCH.database().listen();
            open.push(deaf);
            var node = world.node(database, deaf, World.lease(200, 20_000, 2_000));
            var access = logIn(node);
            wire.cut(true);
            access.close();
            assertThat(rows()).isOne();
            wire.cut(false);
            await().atMost(10, SECONDS).until(() -> rows() == 0);
            node.close();
        }
    }
}
