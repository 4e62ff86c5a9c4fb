package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;

import java.util.ArrayList;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.Refusal;
import org.postern.testkit.OnScratch;

/** What the leases of nodes are for: whatever fails, nobody is counted who is gone, and nobody is in who is not counted. */
@DisplayName("Connections of nodes and databases that die, freeze, come back or stop")
class ConnectionLeasesTest {
    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    ConnectionLeasesTest(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    @DisplayName("of a node that died are free when its lease is over, and swept away later")
    void leaseExpiry() {
        var dying = fleet.node(World.lease(200, 2_000, 500));
        var survivor = fleet.node(World.lease(200, 3_000, 1_000));
        for (int i = 0; i < 10; i++) {
            fleet.logIn(dying);
        }
        assertThat(fleet.refusal(survivor)).isInstanceOf(Refusal.CapReached.class);
        fleet.kill(dying);
        await().atMost(10, SECONDS)
                .until(() -> survivor.logins().logIn(attempt("ann@example.org", fleet.secret))
                        instanceof LoginOutcome.LoggedIn);
        await().atMost(10, SECONDS).until(() -> fleet.rows() == 1);
        assertThat(fleet.world.count("SELECT count(*) FROM node_lease")).isOne();
    }

    @Test
    @DisplayName("end on a node that cannot renew, before others stop counting them")
    void fencing() throws Exception {
        try (var wire = new RoundTrips(fleet.settings());
                var database = Database.attach(wire.through(fleet.settings()));
                var notifications = database.listen();
                var node = fleet.world.node(database, notifications, World.lease(200, 3_000, 1_500))) {
            var survivor = fleet.steady();
            var ended = new ConcurrentLinkedQueue<Refusal>();
            for (int i = 0; i < 10; i++) {
                fleet.logIn(node).onEnd(ended::add);
            }
            wire.cut(true);
            await().atMost(5, SECONDS).until(() -> ended.size() == 10);
            assertThat(ended).allSatisfy(why -> assertThat(why).isEqualTo(new Refusal.Unavailable()));
            assertThat(fleet.refusal(survivor)).as("still counted").isInstanceOf(Refusal.CapReached.class);
            assertThat(node.registry().hasLapsed()).isTrue();
            assertThat(fleet.refusal(node)).isEqualTo(new Refusal.Unavailable());
            await().atMost(5, SECONDS)
                    .until(() -> survivor.logins().logIn(attempt("ann@example.org", fleet.secret))
                            instanceof LoginOutcome.LoggedIn);
            // Back again, it takes a new lease; what had ended counts until it is closed.
            wire.cut(false);
            await().atMost(10, SECONDS).until(() -> !node.registry().hasLapsed());
            assertThat(fleet.refusal(node)).isInstanceOf(Refusal.CapReached.class);
        }
    }

    @Test
    @DisplayName("of a node that was frozen past its lease have ended before anything else is done with them")
    void frozen() {
        var node = fleet.node(World.lease(200, 1_000, 300));
        var access = fleet.logIn(node);
        node.registry().stopDead(); // Neither its heartbeat nor its fence run.
        await().atMost(5, SECONDS).until(() -> node.registry().hasLapsed());
        assertThat(access.ended()).contains(new Refusal.Unavailable());
        access.close();
        assertThat(fleet.rows())
                .as("nobody waits for a database that may be away")
                .isOne();
        node.registry().beat();
        assertThat(fleet.rows()).isZero();
    }

    @Test
    @DisplayName("are registered again after a crash of the database, before anybody is admitted")
    void crash() {
        // Deaf, for a node that begins to listen beats at once; the heart first beats when this is over.
        var one = fleet.deafNode(World.lease(12_000, 30_000, 5_000));
        var other = fleet.deafNode(World.lease(12_000, 30_000, 5_000));
        var held = new ArrayList<Access>();
        for (int i = 0; i < 5; i++) {
            held.add(fleet.logIn(one));
            held.add(fleet.logIn(other));
        }
        fleet.world.database.once(tx -> tx.update("TRUNCATE node, connection, registry_whole, login_failure"));
        // The one node sets itself right with a login, when its last beat is a short pause ago; the other one has not
        // yet, so nobody is admitted.
        await().atMost(5, SECONDS).untilAsserted(() -> {
            assertThat(fleet.refusal(one)).isEqualTo(new Refusal.Unavailable());
            assertThat(fleet.rows()).isEqualTo(5);
        });
        other.registry().beat();
        assertThat(fleet.rows()).isEqualTo(10);
        assertThat(fleet.refusal(one)).isInstanceOf(Refusal.CapReached.class);
        assertThat(held).allSatisfy(access -> assertThat(access.ended()).isEmpty());
        held.removeFirst().close();
        held.add(fleet.logIn(other));
        assertThat(fleet.refusal(one)).isInstanceOf(Refusal.CapReached.class);
        assertThat(held.stream().map(Access::id)).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("are not waited for when their node died with the database")
    void crashWithDeadNode() {
        var dying = fleet.node(World.lease(200, 2_000, 500));
        var survivor = fleet.steady();
        fleet.logIn(dying);
        fleet.kill(dying);
        fleet.world.database.once(tx -> tx.update("TRUNCATE node, connection, registry_whole, login_failure"));
        assertThat(fleet.refusal(survivor)).isEqualTo(new Refusal.Unavailable());
        await().atMost(10, SECONDS)
                .until(() -> survivor.logins().logIn(attempt("ann@example.org", fleet.secret))
                        instanceof LoginOutcome.LoggedIn);
    }

    @Test
    @DisplayName("whose rows somebody removed are registered again; rows that nobody has are freed")
    void reconciled() {
        var node = fleet.steady();
        var access = fleet.logIn(node);
        fleet.world.database.once(tx -> tx.update("DELETE FROM connection"));
        await().atMost(3, SECONDS).until(() -> fleet.rows() == 1);
        assertThat(access.ended()).isEmpty();
        fleet.world.database.once(tx -> tx.update(
                """
                INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address, client_network,
                                        session_id, opened_at)
                VALUES (?, ?, ?, 'imap', '192.0.2.1', '192.0.2.1', 'lost', now() - interval '1 min')
                """,
                node.registry().node(),
                access.mailbox().value(),
                access.token().value()));
        assertThat(fleet.rows()).isEqualTo(2);
        await().atMost(3, SECONDS).until(() -> fleet.rows() == 1);
    }

    @Test
    @DisplayName("are freed when their node stops in good order, and their sessions hear why")
    void goodOrder() {
        var node = fleet.steady();
        var access = fleet.logIn(node);
        var ended = new ArrayList<Refusal>();
        access.onEnd(ended::add);
        node.close();
        assertThat(ended).containsExactly(new Refusal.ShuttingDown());
        assertThat(fleet.rows()).isZero();
        assertThat(fleet.world.count("SELECT count(*) FROM node_lease")).isZero();
        access.close();
        assertThat(fleet.refusal(node)).isEqualTo(new Refusal.Unavailable());
    }

    @Test
    @DisplayName("that are closed while the database is away are freed when it is back")
    void closedWhileAway() throws Exception {
        try (var wire = new RoundTrips(fleet.settings());
                var database = Database.attach(wire.through(fleet.settings()))) {
            var deaf = fleet.closeLater(fleet.world.database.listen(), Notifications::close);
            var node = fleet.world.node(database, deaf, World.lease(200, 20_000, 2_000));
            var access = fleet.logIn(node);
            wire.cut(true);
            access.close();
            assertThat(fleet.rows()).isOne();
            wire.cut(false);
            await().atMost(10, SECONDS).until(() -> fleet.rows() == 0);
            node.close();
        }
    }
}
