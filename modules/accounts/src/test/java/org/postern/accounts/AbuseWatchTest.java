package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.AccessSwitch.State;
import org.postern.database.Notifications;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.Plan;
import org.postern.model.Pop3Rules;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.StorageLimit;
import org.postern.testkit.ScratchDatabase;

@DisplayName("Abuse")
class AbuseWatchTest {
    private static final int MAX = 5;

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(8);

    private World world;
    private Notifications notifications;
    private AccountsNode node;
    private AbuseWatch abuse;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        world.plans.replace(World.plans(plan()));
        notifications = world.database.listen();
        node = world.node(world.database, notifications, World.lease(200, 10_000, 2_000));
        abuse = node.abuseWatch();
        world.mailbox("ann");
    }

    @AfterEach
    void stop() {
        node.close();
        notifications.close();
    }

    private static Plan plan() {
        var threshold = Optional.of(new Threshold(MAX, Duration.ofHours(1)));
        var abuse = new AbuseThresholds(threshold, threshold, threshold, threshold, Set.of(Protocol.SMTP));
        return new Plan(
                World.SMALL,
                Map.of(
                        Protocol.SMTP, ProtocolRights.of(World.CAP),
                        Protocol.IMAP, ProtocolRights.of(World.CAP)),
                Pop3Rules.NONE,
                Plan.Sending.within(100),
                abuse,
                new StorageLimit(1 << 30),
                50 << 20);
    }

    private Access smtp(String secret, String client) {
        return in(node.logins().logIn(attempt("ann@example.org", secret, Protocol.SMTP, World.client(client))));
    }

    private boolean locked() {
        return done(node.sendingLocks().show(World.address("ann"))).lockedAt().isPresent();
    }

    @Test
    @DisplayName(
            "up to the threshold nothing happens; one more locks sending, names the token, tells owner and administrators")
    void refusedRecipients() {
        var phone = world.token("ann", "Phone").secret();
        var robot = world.token("ann", "Robot").secret();
        try (var byPhone = smtp(phone, "192.0.2.1");
                var byRobot = smtp(robot, "192.0.2.1")) {
            abuse.refusedRecipient(byPhone, World.address("typo"));
            abuse.refusedRecipient(byPhone, World.address("typo")); // The same again counts once.
            for (int i = 1; i < MAX; i++) {
                abuse.refusedRecipient(byRobot, World.address("nobody" + i));
            }
            assertThat(locked()).isFalse();
            abuse.refusedRecipient(byPhone, World.address("nobody-else"));
            assertThat(locked()).isTrue();
            abuse.refusedRecipient(byPhone, World.address("still-nobody"));
        }
        assertThat(done(node.sendingLocks().show(World.address("ann"))).why())
                .isEqualTo("more than 5 recipients that do not exist within 60 minutes,"
                        + " most of them with the client token Robot");
        assertThat(world.count("""
                        SELECT count(*) FROM event e JOIN client_token t USING (token_id)
                         WHERE case_name = 'sending-lock' AND t.name = 'Robot'
                        """)).isEqualTo(1);
        assertThat(world.count("SELECT count(*) FROM notice WHERE case_name = 'sending-lock'"))
                .isEqualTo(1);
        assertThat(world.count("SELECT count(*) FROM abuse_sign")).isEqualTo(MAX + 1);
    }

    @Test
    @DisplayName(
            "many networks that send lock it too; what the plan says is switched off; reading goes on; unlocking begins anew")
    void clientAddresses() {
        var secret = world.token("ann", "Phone").secret();
        IntStream.rangeClosed(1, MAX + 1).forEach(i -> {
            assertThat(locked()).isFalse();
            try (var access = smtp(secret, "192.0.2." + i)) {
                abuse.sent(access, List.of());
                abuse.sent(access, List.of());
            }
        });
        assertThat(locked()).isTrue();
        assertThat(done(node.accessSwitches().show(World.address("ann"))).get(2).state())
                .isEqualTo(State.OFF);
        in(node.logins().logIn(attempt("ann@example.org", secret))).close();

        done(node.sendingLocks().unlock(World.address("ann")));
        assertThat(locked()).isFalse();
        assertThat(world.count("SELECT count(*) FROM abuse_sign")).isZero();
        assertThat(world.count("SELECT count(*) FROM event WHERE case_name = 'sending-unlock'"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("writing to many for the first time locks it, and writing to them again does not count")
    void newRecipients() {
        var secret = world.token("ann", "Phone").secret();
        try (var access = smtp(secret, "192.0.2.1")) {
            abuse.sent(access, send(access, 0, MAX));
            abuse.sent(access, send(access, 0, MAX));
            assertThat(locked()).isFalse();
            abuse.sent(access, send(access, 1, MAX));
        }
        assertThat(done(node.sendingLocks().show(World.address("ann"))).why())
                .isEqualTo("more than 5 recipients that it had not written to before within 60 minutes,"
                        + " most of them with the client token Phone");
    }

    private List<String> send(Access access, int from, int recipients) {
        var to = IntStream.range(from, from + recipients)
                .mapToObj(i -> World.address("friend" + i))
                .toList();
        var taken = world.database.transact(tx -> node.sendQuotas().take(tx, access, to));
        return ((TakeOutcome.Taken) taken).newRecipients();
    }

    @Test
    @DisplayName("mail that comes back from many recipients locks it, though nobody is logged in")
    void bounces() {
        var token = world.token("ann", "Robot");
        var mailbox = done(world.mailboxes.show(World.address("ann"))).id();
        for (int i = 0; i < MAX; i++) {
            abuse.bounced(mailbox, token.id(), World.address("gone" + i));
            abuse.bounced(mailbox, token.id(), World.address("gone" + i));
        }
        assertThat(locked()).isFalse();
        abuse.bounced(mailbox, token.id(), World.address("gone-too"));
        assertThat(done(node.sendingLocks().show(World.address("ann"))).why())
                .isEqualTo("more than 5 recipients whose mail came back within 60 minutes,"
                        + " most of them with the client token Robot");
    }

    @Test
    @DisplayName("what left the window counts no more")
    void window() {
        var secret = world.token("ann", "Phone").secret();
        try (var access = smtp(secret, "192.0.2.1")) {
            for (int i = 0; i < MAX; i++) {
                abuse.refusedRecipient(access, World.address("nobody" + i));
            }
            world.database.once(tx -> tx.update("UPDATE abuse_sign SET at = at - interval '1 hour'"));
            abuse.refusedRecipient(access, World.address("one-more"));
        }
        assertThat(locked()).isFalse();
        assertThat(world.count("SELECT count(*) FROM abuse_sign")).isEqualTo(1);
    }
}
