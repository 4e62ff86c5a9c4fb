package org.postern.accounts;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.failed;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.AccessSwitch.State;
import org.postern.accounts.AccessSwitches.By;
import org.postern.database.Notifications;
import org.postern.model.Address;
import org.postern.model.OutsideAccess;
import org.postern.model.Plan;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.Refusal;
import org.postern.model.StorageLimit;
import org.postern.testkit.ScratchDatabase;

@DisplayName("Access switches")
class AccessSwitchesTest {
    private static final Address ANN = World.address("ann");
    private static final OutsideAccess OPT_IN = new OutsideAccess(
            false, Duration.ofMinutes(15), Optional.of(Duration.ofDays(60)), Optional.of(Duration.ofDays(90)));

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(8);

    private World world;
    private Notifications notifications;
    private AccountsNode node;
    private AccessSwitches switches;
    private String secret;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        world.plans.replace(World.plans(plan(OPT_IN)));
        notifications = world.database.listen();
        node = world.node(world.database, notifications, World.lease(200, 10_000, 2_000));
        switches = node.accessSwitches();
        world.mailbox("ann");
        secret = world.token("ann", "Phone").secret();
    }

    @AfterEach
    void stop() {
        node.close();
        notifications.close();
    }

    private static Plan plan(OutsideAccess access) {
        var rights = new EnumMap<Protocol, ProtocolRights>(Protocol.class);
        rights.put(Protocol.IMAP, new ProtocolRights(World.CAP, access));
        rights.put(Protocol.POP3, new ProtocolRights(World.CAP, access));
        return new Plan(World.SMALL, rights, Plan.Sending.none(), new StorageLimit(1 << 30), 50 << 20);
    }

    private LoginOutcome logIn(Protocol protocol) {
        return node.logins().logIn(attempt("ann@example.org", secret, protocol, World.HOME));
    }

    private AccessSwitch imap() {
        return done(switches.show(ANN)).getFirst();
    }

    private void delayIsOver() {
        world.database.once(tx -> tx.update("UPDATE access_switch SET effective_at = now() - interval '1 second'"));
    }

    private void lastUsed(String protocol, String ago) {
        world.database.transact(tx -> {
            tx.update("UPDATE mailbox SET created_at = now() - interval '1 year'");
            tx.update("UPDATE access_switch SET effective_at = now() - interval '1 year'");
            return tx.update("""
                    INSERT INTO token_use (token_id, protocol, used_at, client_address)
                    SELECT token_id, ?, now() - ?::interval, '192.0.2.1' FROM client_token
                    ON CONFLICT (token_id, protocol) DO UPDATE SET used_at = excluded.used_at
                    """, protocol, ago);
        });
    }

    private long notices(String caseName) {
        return world.count("SELECT count(*) FROM notice WHERE case_name = ?", caseName);
    }

    private long events(String caseName) {
        return world.count("SELECT count(*) FROM event WHERE case_name = ? AND mailbox_id IS NOT NULL", caseName);
    }

    @Test
    @DisplayName("off by default, one step switches on, and it works after the plan's delay")
    void optIn() {
        assertThat(imap().state()).isEqualTo(State.OFF);
        assertThat(out(logIn(Protocol.IMAP)).refusal()).isInstanceOf(Refusal.AuthFailed.class);

        done(switches.switchOn(ANN, Set.of(Protocol.IMAP), By.OWNER, false));
        assertThat(imap().state()).isEqualTo(State.COMING_ON);
        assertThat(imap().changedBy()).isEqualTo("owner");
        assertThat(out(logIn(Protocol.IMAP)).refusal()).isInstanceOf(Refusal.AuthFailed.class);
        assertThat(world.count("""
                        SELECT extract(epoch FROM effective_at - clock_timestamp())::bigint FROM access_switch
                        """)).isBetween(14 * 60L, 15 * 60L);

        delayIsOver();
        assertThat(imap().state()).isEqualTo(State.ON);
        in(logIn(Protocol.IMAP)).close();
        assertThat(out(logIn(Protocol.POP3)).refusal()).isInstanceOf(Refusal.AuthFailed.class);
        assertThat(done(switches.show(ANN)))
                .extracting(AccessSwitch::state)
                .containsExactly(State.ON, State.OFF, State.NOT_IN_PLAN);
        assertThat(notices("access-on")).isEqualTo(1);
        assertThat(events("access-on")).isEqualTo(1);
    }

    @Test
    @DisplayName("switching on again neither begins the delay anew nor tells anybody; an administrator may skip it")
    void again() {
        done(switches.switchOn(ANN, Set.of(Protocol.IMAP), By.OWNER, false));
        var from = imap().since();
        done(switches.switchOn(ANN, Set.of(Protocol.IMAP), By.OWNER, false));
        assertThat(imap().since()).isEqualTo(from);
        assertThat(notices("access-on")).isEqualTo(1);

        done(switches.switchOn(ANN, Set.of(Protocol.IMAP), By.ADMIN, true));
        in(logIn(Protocol.IMAP)).close();
        assertThat(failed(switches.show(World.address("nobody")))).isInstanceOf(Problem.NoSuchMailbox.class);
    }

    @Test
    @DisplayName("switched off, live connections over that protocol end at once, and the owner is told why")
    void off() {
        done(switches.switchOn(ANN, Set.of(Protocol.IMAP, Protocol.POP3), By.ADMIN, true));
        try (var imap = in(logIn(Protocol.IMAP));
                var pop3 = in(logIn(Protocol.POP3))) {
            done(switches.switchOff(ANN, Set.of(Protocol.IMAP), By.ADMIN, "a test"));
            await().atMost(10, SECONDS).until(() -> imap.ended().isPresent());
            assertThat(pop3.ended()).isEmpty();
        }
        assertThat(out(logIn(Protocol.IMAP)).refusal()).isInstanceOf(Refusal.AuthFailed.class);
        assertThat(imap().why()).isEqualTo("a test");
        assertThat(world.count(
                        "SELECT count(*) FROM notice WHERE detail @> '{\"why\": \"a test\", \"by\": \"admin\"}'"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("switched on by default where the plan says so")
    void onByDefault() {
        world.plans.replace(World.plans(plan(OutsideAccess.ON)));
        in(logIn(Protocol.IMAP)).close();
        done(switches.switchOff(ANN, Set.of(Protocol.IMAP), By.OWNER, ""));
        assertThat(out(logIn(Protocol.IMAP)).refusal()).isInstanceOf(Refusal.AuthFailed.class);
    }

    @Test
    @DisplayName("unused for as long as the plan says, access is switched off once, on however many nodes")
    void unused() throws InterruptedException {
        done(switches.switchOn(ANN, Set.of(Protocol.IMAP, Protocol.POP3), By.ADMIN, true));
        lastUsed("pop3", "60 days 1 minute");
        lastUsed("imap", "59 days");
        var sweeps = new Thread[4];
        for (int i = 0; i < sweeps.length; i++) {
            sweeps[i] = Thread.ofVirtual().start(() -> node.housekeeping().sweep());
        }
        for (var sweep : sweeps) {
            sweep.join();
        }
        assertThat(done(switches.show(ANN)))
                .extracting(AccessSwitch::state)
                .containsExactly(State.ON, State.OFF, State.NOT_IN_PLAN);
        assertThat(done(switches.show(ANN)).get(1))
                .extracting(AccessSwitch::changedBy, AccessSwitch::why)
                .containsExactly("server", "not used for 60 days");
        assertThat(notices("access-off")).isEqualTo(1);
        assertThat(events("access-off")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "who is connected uses it; who has just switched it on has not left it unused; an inactive mailbox loses it")
    void inactive() {
        world.plans.replace(World.plans(plan(new OutsideAccess(
                false, Duration.ZERO, Optional.of(Duration.ofDays(60)), Optional.of(Duration.ofDays(2))))));
        done(switches.switchOn(ANN, Set.of(Protocol.IMAP, Protocol.POP3), By.ADMIN, true));
        world.database.once(tx -> tx.update("UPDATE mailbox SET created_at = now() - interval '1 year'"));
        node.housekeeping().sweep();
        assertThat(imap().state()).isEqualTo(State.ON);

        lastUsed("imap", "3 days");
        lastUsed("pop3", "3 days");
        try (var imap = in(logIn(Protocol.IMAP))) {
            node.uses().flush();
            lastUsed("imap", "3 days");
            node.housekeeping().sweep();
            assertThat(imap.ended()).isEmpty();
            assertThat(imap().state()).isEqualTo(State.ON);
        }
        node.housekeeping().sweep();
        assertThat(done(switches.show(ANN)))
                .extracting(AccessSwitch::state)
                .containsExactly(State.OFF, State.OFF, State.NOT_IN_PLAN);
        assertThat(imap().why()).isEqualTo("the mailbox was not used for 2 days");
    }
}
