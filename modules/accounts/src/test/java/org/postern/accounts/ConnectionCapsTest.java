package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.testkit.OnScratch;

/** What may be open at once: never more than the plan allows, by client network, mailbox and token. */
@DisplayName("Connections of two nodes on one database")
class ConnectionCapsTest {
    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    ConnectionCapsTest(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    @DisplayName("STORE caps: of 200 racing for 10 slots exactly 10 are admitted, again and again")
    void race() throws Exception {
        var nodes = List.of(fleet.steady(), fleet.steady());
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
                    switch (logins.logIn(attempt("ann@example.org", fleet.secret))) {
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
            assertThat(fleet.rows()).isEqualTo(10);
            admitted.forEach(Access::close);
            assertThat(fleet.rows()).isZero();
        }
    }

    @Test
    @DisplayName("are counted by token too, over all protocols' tokens and nodes")
    void perToken() {
        fleet.plan(new ConnectionCap(3, 4, 2, AtCap.REFUSE));
        var nodes = List.of(fleet.steady(), fleet.steady());
        var laptop = fleet.world.token("ann", "Laptop").secret();
        var first = in(fleet.tryFrom(nodes.getFirst(), fleet.secret, "192.0.2.1"));
        in(fleet.tryFrom(nodes.getLast(), fleet.secret, "192.0.2.2"));
        assertThat(out(fleet.tryFrom(nodes.getFirst(), fleet.secret, "192.0.2.3"))
                        .refusal())
                .isEqualTo(new Refusal.CapReached(Protocol.IMAP, 2, 2, ConnectionCap.Per.TOKEN, World.SMALL));
        in(fleet.tryFrom(nodes.getFirst(), laptop, "192.0.2.1"));
        in(fleet.tryFrom(nodes.getFirst(), laptop, "192.0.2.1"));
        first.close();
        in(fleet.tryFrom(nodes.getFirst(), fleet.secret, "192.0.2.4"));
        assertThat(fleet.rows()).isEqualTo(4);
    }

    @Test
    @DisplayName("are admitted by the plan of one moment while the config is reloaded under load")
    void reloadUnderLoad() throws Exception {
        var few = new ConnectionCap(4, 4);
        var nodes = List.of(fleet.steady(), fleet.steady());
        var loggedIn = new AtomicInteger();
        var refused = new ConcurrentLinkedQueue<Refusal>();
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 8; i++) {
            var node = nodes.get(i % 2);
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < 25; n++) {
                    switch (fleet.tryFrom(node, fleet.secret, "192.0.2.1")) {
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
                fleet.plan(n % 2 == 0 ? few : Fleet.TEN);
            }
        }
        assertThat(loggedIn).hasPositiveValue();
        assertThat(loggedIn.get() + refused.size()).isEqualTo(200);
        assertThat(refused)
                .allSatisfy(why -> assertThat(why)
                        .isInstanceOfSatisfying(
                                Refusal.CapReached.class,
                                full -> assertThat(full.max()).isIn(4, 10)));
        assertThat(fleet.rows()).isZero();
    }
}
