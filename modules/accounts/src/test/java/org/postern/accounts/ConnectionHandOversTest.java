package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.Fleet.closing;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.Refusal;
import org.postern.testkit.OnScratch;

/** A login at such a cap is let in when somebody has made room, and only then. */
@DisplayName("Connections at a cap that ends the longest idle")
class ConnectionHandOversTest {
    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    ConnectionHandOversTest(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    @DisplayName(
            "at a cap that ends the longest idle: the one of the same token that makes room, and only when it has closed")
    void endsLongestIdle() {
        fleet.plan(new ConnectionCap(2, 3, 3, AtCap.END_LONGEST_IDLE));
        var one = fleet.steady();
        var other = fleet.steady();
        var laptop = fleet.world.token("ann", "Laptop").secret();
        var oldest = closing(in(fleet.tryFrom(other, fleet.secret, "192.0.2.1")));
        var busy = closing(in(fleet.tryFrom(one, fleet.secret, "192.0.2.2")));
        var laptops = closing(in(fleet.tryFrom(one, laptop, "192.0.2.9")));
        oldest.idleIs(() -> Duration.ofMinutes(1));
        busy.idleIs(() -> Duration.ZERO);
        one.registry().beat(); // Whatever heartbeats told until now, the busy one was active since.
        var admitted = in(fleet.tryFrom(one, fleet.secret, "192.0.2.3"));
        assertThat(oldest.ended()).contains(new Refusal.Replaced());
        assertThat(busy.ended()).isEmpty();
        assertThat(admitted.ended()).isEmpty();
        assertThat(fleet.rows()).isEqualTo(3);
        // Another token ends its own, however long the others have been idle.
        in(fleet.tryFrom(other, laptop, "192.0.2.8"));
        assertThat(laptops.ended()).contains(new Refusal.Replaced());
        assertThat(busy.ended()).isEmpty();
        assertThat(fleet.rows()).isEqualTo(3);
    }

    @Test
    @DisplayName("at the cap of a client network: only one of that network makes room")
    void endsOneOfTheNetwork() {
        fleet.plan(new ConnectionCap(1, 3, 3, AtCap.END_LONGEST_IDLE));
        var node = fleet.steady();
        var elsewhere = closing(in(fleet.tryFrom(node, fleet.secret, "192.0.2.1")));
        var here = closing(in(fleet.tryFrom(node, fleet.secret, "2001:db8::1")));
        in(fleet.tryFrom(node, fleet.secret, "2001:db8::ffff:2"));
        assertThat(here.ended()).contains(new Refusal.Replaced());
        assertThat(elsewhere.ended()).isEmpty();
        assertThat(fleet.rows()).isEqualTo(2);
    }

    @Test
    @DisplayName("whose idle times only their own nodes know: a heartbeat tells the others")
    void idleTimes() {
        fleet.plan(new ConnectionCap(2, 2, 2, AtCap.END_LONGEST_IDLE));
        var one = fleet.steady();
        var other = fleet.steady();
        var first = closing(fleet.logIn(one));
        var second = closing(fleet.logIn(other));
        second.idleIs(() -> Duration.ofHours(1)); // Silent since its login, but the first one is active.
        one.registry().beat();
        var newest = fleet.logIn(other);
        assertThat(second.ended()).contains(new Refusal.Replaced());
        assertThat(first.ended()).isEmpty();
        assertThat(newest.ended()).isEmpty();
    }

    @Test
    @DisplayName("are refused when the one that should end does not, or the token has none; never one over the cap")
    void nobodyMakesRoom() {
        fleet.plan(new ConnectionCap(1, 1, 1, AtCap.END_LONGEST_IDLE));
        var node = fleet.steady();
        var stuck = fleet.logIn(node);
        var laptop = fleet.world.token("ann", "Laptop").secret();
        assertThat(out(fleet.tryFrom(node, laptop, "192.0.2.1")).refusal()).isInstanceOf(Refusal.CapReached.class);
        assertThat(stuck.ended()).as("another token's").isEmpty();
        assertThat(fleet.refusal(node)).isInstanceOf(Refusal.CapReached.class);
        assertThat(stuck.ended()).contains(new Refusal.Replaced());
        assertThat(fleet.rows()).isOne();
        assertThat(fleet.refusal(node)).as("it is on its way out already").isInstanceOf(Refusal.CapReached.class);
        stuck.close();
        fleet.logIn(node);
        assertThat(fleet.rows()).isOne();
    }

    @Test
    @DisplayName("hand their slot over at a heartbeat when no notification is heard")
    void handOverUnheard() {
        fleet.plan(new ConnectionCap(1, 1, 1, AtCap.END_LONGEST_IDLE));
        var node = fleet.deafNode(World.lease(100, 10_000, 2_000));
        var idle = fleet.logIn(node);
        idle.onEnd(why -> Thread.ofVirtual().start(idle::close));
        fleet.logIn(node);
        assertThat(idle.ended()).contains(new Refusal.Replaced());
        assertThat(fleet.rows()).isOne();
    }

    @Test
    @DisplayName("of 100 that race on two nodes, each ending the longest idle: never more than the cap are in at once")
    void raceAtTheCap() throws Exception {
        fleet.plan(new ConnectionCap(10, 10, 10, AtCap.END_LONGEST_IDLE));
        var nodes = List.of(fleet.steady(), fleet.steady());
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var live = new ConcurrentLinkedQueue<Access>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 100; i++) {
            var node = nodes.get(i % 2);
            threads.add(Thread.ofVirtual().start(() -> {
                if (fleet.tryFrom(node, fleet.secret, "192.0.2.1") instanceof LoginOutcome.LoggedIn(var access)) {
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
        await().atMost(10, SECONDS).until(() -> fleet.rows() == inside.get());
        assertThat(most.get()).isEqualTo(10);
        assertThat(inside.get()).isEqualTo(10);
        live.forEach(Access::close);
        assertThat(fleet.rows()).isZero();
    }
}
