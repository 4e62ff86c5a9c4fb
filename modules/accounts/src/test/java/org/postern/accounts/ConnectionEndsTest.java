package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.ConnectionId;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.testkit.OnScratch;

/** They end at once where notifications are heard, else within a heartbeat. */
@DisplayName("Connections whose mailbox or token may no longer, or that an administrator ends")
class ConnectionEndsTest {
    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    ConnectionEndsTest(Fleet fleet) {
        this.fleet = fleet;
    }

    @Test
    @DisplayName("end at once on all nodes when the token is revoked; others stay")
    void revocation() {
        var nodes = List.of(fleet.node(LeaseSettings.of("a")), fleet.node(LeaseSettings.of("b")));
        var laptop = fleet.world.token("ann", "Laptop").secret();
        var ended = new ConcurrentLinkedQueue<Refusal>();
        var held = new ArrayList<Access>();
        nodes.forEach(node -> {
            var access = fleet.logIn(node);
            access.onEnd(ended::add);
            held.add(access);
        });
        var stays = in(nodes.getFirst().logins().logIn(attempt("ann@example.org", laptop)));
        done(fleet.world.tokens.revoke(World.address("ann"), "phone"));
        await().atMost(2, SECONDS).until(() -> ended.size() == 2);
        assertThat(ended).allSatisfy(why -> assertThat(why).isEqualTo(new Refusal.AccessEnded()));
        assertThat(fleet.refusal(nodes.getLast())).isEqualTo(new Refusal.AuthFailed());
        assertThat(stays.ended()).isEmpty();
        // Who asks late hears it at once; the slot counts until the session has closed it.
        held.getFirst().onEnd(ended::add);
        assertThat(ended).hasSize(3);
        assertThat(fleet.rows()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "end within a heartbeat when the notification is lost: revoked, expired, paused, suspended, switched off")
    void lostNotification() {
        var node = fleet.deafNode(World.lease(100, 10_000, 2_000));
        fleet.world.mailbox("bob");
        var bobs = fleet.world.token("bob", "Phone").secret();
        var revoked = fleet.logIn(node);
        done(fleet.world.tokens.revoke(World.address("ann"), "Phone"));
        await().atMost(3, SECONDS).until(() -> revoked.ended().isPresent());

        var paused = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        done(fleet.world.mailboxes.pause(World.address("bob")));
        await().atMost(3, SECONDS).until(() -> paused.ended().isPresent());
        done(fleet.world.mailboxes.resume(World.address("bob")));

        var suspended = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        done(fleet.world.accounts.suspend(new AccountName("Acme")));
        await().atMost(3, SECONDS).until(() -> suspended.ended().isPresent());
        done(fleet.world.accounts.resume(new AccountName("Acme")));

        var expired = in(node.logins().logIn(attempt("bob@example.org", bobs)));
        var other = in(node.logins().logIn(attempt("bob@example.org", bobs, Protocol.SMTP, World.HOME)));
        fleet.world.database.once(tx -> tx.update("""
                INSERT INTO access_switch (mailbox_id, protocol, allowed, changed_by)
                SELECT mailbox_id, 'imap', false, 'test' FROM mailbox
                """));
        await().atMost(3, SECONDS).until(() -> expired.ended().isPresent());
        assertThat(other.ended()).isEmpty();
        fleet.world.database.once(tx -> tx.update("UPDATE client_token SET expires_at = now()"));
        await().atMost(3, SECONDS).until(() -> other.ended().isPresent());
    }

    @Test
    @DisplayName("are listed and kicked from any process")
    void kick() {
        var node = fleet.steady();
        var first = fleet.logIn(node);
        var second = fleet.logIn(node);
        var admin = new Connections(fleet.world.database);
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
}
