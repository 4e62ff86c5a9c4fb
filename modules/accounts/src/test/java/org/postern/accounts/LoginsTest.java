package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.client;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.database.Database;
import org.postern.database.DatabaseSettings;
import org.postern.database.Notifications;
import org.postern.model.ConnectionCap;
import org.postern.model.HelpLine;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.Refusal;
import org.postern.testkit.ScratchDatabase;

@DisplayName("A login")
class LoginsTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private World world;
    private Notifications notifications;
    private SimpleMeterRegistry meters;
    private AccountsNode node;
    private Logins logins;
    private String secret;

    @BeforeEach
    void start() {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        notifications = SCRATCH.database().listen();
        meters = new SimpleMeterRegistry();
        node = world.node(SCRATCH.database(), notifications, LeaseSettings.of("test"), meters);
        logins = node.logins();
        world.mailbox("Ann");
        secret = world.token("ann", "Phone").secret();
    }

    @AfterEach
    void stop() {
        node.close();
        notifications.close();
        assertThat(world.count("SELECT count(*) FROM connection")).isZero();
    }

    @ParameterizedTest
    @DisplayName("works with the address in any case, with spaces around it, or by an alias")
    @ValueSource(strings = {"ann@example.org", "  Ann@Example.ORG ", "ANN@EXAMPLE.ORG\t", "a.nobody@example.org"})
    void user(String user) {
        done(world.mailboxes.addAlias(World.address("a.nobody"), World.address("ann")));
        try (var access = in(logins.logIn(attempt(user, secret)))) {
            assertThat(access.address()).hasToString("Ann@example.org");
            assertThat(access.tokenName()).isEqualTo("Phone");
            assertThat(access.plan().name()).isEqualTo(World.SMALL);
            assertThat(access.ended()).isEmpty();
            assertThat(world.count("SELECT count(*) FROM connection")).isOne();
            assertThat(node.registry().size()).isOne();
        }
        assertThat(node.registry().size()).isZero();
    }

    @Test
    @DisplayName("works with the secret in any case, with or without dashes and spaces")
    void typedSecret() {
        var typed = List.of(
                secret,
                secret.replace("-", ""),
                secret.replace("-", " "),
                " " + secret.toUpperCase(Locale.ROOT) + "\n");
        for (var text : typed) {
            in(logins.logIn(attempt("ann@example.org", text))).close();
        }
    }

    @Test
    @DisplayName("costs two round trips, one where it was let in before, and the slot is given back in one")
    void roundTrips() throws Exception {
        var deaf = SCRATCH.database().listen();
        deaf.close(); // A channel that opens asks for a heartbeat, which would be counted too.
        try (var wire = new RoundTrips(SCRATCH.settings());
                var database = Database.attach(wire.through(SCRATCH.settings()));
                var other = world.node(database, deaf, World.lease(9_000, 30_000, 9_000))) {
            for (int i = 0; i < 20; i++) { // The driver prepares statements on the server after some uses.
                int before = wire.count();
                var access = in(other.logins().logIn(attempt("ann@example.org", secret)));
                int during = wire.count();
                access.close();
                assertThat(during - before).as("login %d", i).isLessThanOrEqualTo(i == 0 ? 2 : 1);
                assertThat(wire.count() - during).as("close %d", i).isLessThanOrEqualTo(1);
                int asked = wire.count();
                SaslTest.scram(other.sasl(), "ann@example.org", secret).close();
                assertThat(wire.count() - asked).as("SCRAM and close %d", i).isLessThanOrEqualTo(3);
            }
        }
    }

    @Test
    @DisplayName("REPLIES auth-failed: all refusals are alike, whatever is wrong")
    void alike() {
        done(world.mailboxes.setPassword(World.address("ann"), "account password"));
        world.mailbox("bob");
        var bobs = world.token("bob", "Phone").secret();
        var revoked = world.token("ann", "revoked");
        done(world.tokens.revoke(World.address("ann"), "Revoked"));
        var expired = world.token("ann", "expired");
        world.database.once(tx -> tx.update(
                "UPDATE client_token SET expires_at = now() - interval '1 s' WHERE token_id = ?",
                expired.id().value()));
        world.mailbox("paused");
        var paused = world.token("paused", "Phone").secret();
        done(world.mailboxes.pause(World.address("paused")));
        world.mailbox("off");
        var off = world.token("off", "Phone").secret();
        world.database.once(tx -> tx.update("""
                INSERT INTO access_switch (mailbox_id, protocol, allowed, changed_by)
                SELECT mailbox_id, 'imap', false, 'test' FROM mailbox WHERE address LIKE 'off@%'
                """));
        var attempts = Map.ofEntries(
                Map.entry("unknown-address", attempt("nobody@example.org", secret)),
                Map.entry("unknown domain", attempt("ann@example.net", secret)),
                Map.entry("local part alone", attempt("ann", secret)),
                Map.entry("with a detail", attempt("ann+x@example.org", secret)),
                Map.entry("nothing at all", attempt("", "")),
                Map.entry("NUL", attempt("a\0nn@example.org", "\0")),
                Map.entry("endless", attempt("a".repeat(100_000) + "@example.org", "b".repeat(100_000))),
                Map.entry("unknown-secret", attempt("ann@example.org", "abcde-abcde-abcde-abcde-abcde")),
                Map.entry("account password", attempt("ann@example.org", "account password")),
                Map.entry("another's", attempt("ann@example.org", bobs)),
                Map.entry("revoked", attempt("ann@example.org", revoked.secret())),
                Map.entry("expired", attempt("ann@example.org", expired.secret())),
                Map.entry("paused", attempt("paused@example.org", paused)),
                Map.entry("off", attempt("off@example.org", off)));
        var texts = new HashSet<String>();
        var clients = new AtomicInteger();
        attempts.forEach((what, attempt) -> {
            var client = client("203.0.113." + clients.incrementAndGet());
            var fresh = new LoginAttempt(attempt.user(), attempt.proof(), Protocol.IMAP, client, what);
            var refused = out(logins.logIn(fresh));
            assertThat(refused.refusal()).as(what).isEqualTo(new Refusal.AuthFailed());
            assertThat(refused.delay()).as(what).isPositive();
            texts.add(refused.refusal().text(HelpLine.NONE));
        });
        assertThat(texts).hasSize(1);
        in(logins.logIn(attempt("off@example.org", off, Protocol.POP3, World.HOME)))
                .close();
    }

    @Test
    @DisplayName("leaves an event with the reason for support, and never the secret")
    void events() {
        logins.logIn(new LoginAttempt("Ann@example.org", "hunter2-hunter2", Protocol.POP3, World.HOME, "session-1"));
        logins.logIn(new LoginAttempt("Nobody@example.org", "x", Protocol.IMAP, World.HOME, "session-2"));
        await().until(() -> world.count("SELECT count(*) FROM event") == 2);
        var rows = world.database.once(tx -> tx.list(
                "SELECT e::text, detail->>'reason', coalesce(address, ''), mailbox_id IS NOT NULL FROM event e"
                        + " ORDER BY session_id",
                row -> List.of(row.text(1), row.text(2), row.text(3), row.bool(4))));
        assertThat(rows.get(0)).element(1).isEqualTo("unknown-secret");
        assertThat(rows.get(0)).element(3).isEqualTo(true);
        assertThat(rows.get(1).subList(1, 4)).isEqualTo(List.of("unknown-address", "nobody@example.org", false));
        assertThat(rows.toString())
                .contains("auth-failed", "session-1", "pop3", "192.0.2.1")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @DisplayName("with a right secret that lacks the scope says so")
    @EnumSource(Protocol.class)
    void scope(Protocol protocol) {
        var others = new ArrayList<>(List.of(Protocol.values()));
        others.remove(protocol);
        var narrow =
                world.token("ann", "narrow", others.toArray(Protocol[]::new)).secret();
        var refused = out(logins.logIn(attempt("ann@example.org", narrow, protocol, World.HOME)));
        assertThat(refused)
                .isEqualTo(new LoginOutcome.Refused(new Refusal.ScopeMissing(protocol), Duration.ZERO, false));
        in(logins.logIn(attempt("ann@example.org", narrow, others.getFirst(), World.HOME)))
                .close();
    }

    @Test
    @DisplayName("REPLIES cap-reached: refused with the numbers, by client network and in total, by protocol")
    void caps() {
        var open = new ArrayList<Access>();
        for (int i = 0; i < 3; i++) {
            open.add(in(logins.logIn(attempt("ann@example.org", secret))));
        }
        assertThat(out(logins.logIn(attempt("ann@example.org", secret))).refusal())
                .isEqualTo(new Refusal.CapReached(Protocol.IMAP, 3, 3, ConnectionCap.Per.CLIENT_ADDRESS, World.SMALL));
        for (int i = 0; i < 2; i++) {
            open.add(in(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, World.OFFICE))));
        }
        assertThat(out(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, World.OFFICE)))
                        .refusal())
                .isEqualTo(new Refusal.CapReached(Protocol.IMAP, 5, 5, ConnectionCap.Per.MAILBOX, World.SMALL));
        // Another protocol, and an exempt network, have their own.
        open.add(in(logins.logIn(attempt("ann@example.org", secret, Protocol.SMTP, World.HOME))));
        open.add(in(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, client("198.51.100.9")))));
        assertThat(meters.get("postern.connections")
                        .tag("protocol", "imap")
                        .gauge()
                        .value())
                .isEqualTo(6);
        assertThat(meters.get("postern.caps.hit")
                        .tag("per", "mailbox")
                        .counter()
                        .count())
                .isEqualTo(1);
        // A slot is free for the next login as soon as it is closed.
        for (int i = 0; i < 20; i++) {
            open.removeFirst().close();
            open.add(in(logins.logIn(attempt("ann@example.org", secret))));
            if (open.size() > 5) {
                open.sort(Comparator.comparing((Access access) ->
                        access.protocol() != Protocol.IMAP || !access.client().equals(World.HOME)));
            }
        }
        open.forEach(Access::close);
        open.forEach(Access::close); // Idempotent.
        assertThat(meters.get("postern.connections")
                        .tag("protocol", "imap")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    @DisplayName("counts IPv6 clients by their /64")
    void ipv6() {
        var open = new ArrayList<Access>();
        for (int i = 1; i <= 3; i++) {
            open.add(in(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, client("2001:db8::" + i)))));
        }
        assertThat(out(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, client("2001:db8::9"))))
                        .refusal())
                .isInstanceOf(Refusal.CapReached.class);
        open.add(in(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, client("2001:db8:0:1::9")))));
        open.forEach(Access::close);
    }

    @Test
    @DisplayName("is held to overridden caps, and refused when the plan or an override is unusable")
    void plans() {
        override("account", "cap", "1");
        var first = in(logins.logIn(attempt("ann@example.org", secret)));
        assertThat(first.plan().rights(Protocol.IMAP)).hasValue(ProtocolRights.of(new ConnectionCap(1, 1)));
        assertThat(out(logins.logIn(attempt("ann@example.org", secret))).refusal())
                .isEqualTo(new Refusal.CapReached(Protocol.IMAP, 1, 1, ConnectionCap.Per.CLIENT_ADDRESS, World.SMALL));
        override("mailbox", "cap", "2");
        in(logins.logIn(attempt("ann@example.org", secret))).close();
        first.close();
        override("mailbox", "cap", "-1");
        assertThat(out(logins.logIn(attempt("ann@example.org", secret))).refusal())
                .isEqualTo(new Refusal.Unavailable());
        world.database.once(tx -> tx.update("UPDATE account SET overrides = '{}'"));
        world.database.once(tx -> tx.update("UPDATE mailbox SET overrides = '{}'"));
        var other = new PlanName("other");
        world.plans.replace(World.plans(World.plan(other, World.CAP)));
        assertThat(out(logins.logIn(attempt("ann@example.org", secret))).refusal())
                .isEqualTo(new Refusal.Unavailable());
        await().until(() -> world.count(
                        "SELECT count(*) FROM event WHERE case_name = 'unavailable' AND detail->>'reason' = 'plan-unusable'")
                == 2);
    }

    private void override(String kind, String setting, String value) {
        world.database.once(
                tx -> tx.update("UPDATE " + kind + " SET overrides = jsonb_build_object(?, ?)", setting, value));
    }

    @Test
    @DisplayName("that fails is slowed down more and more; the same wrong secret counts once; the owner never waits")
    void penalties() {
        var delays = new ArrayList<Duration>();
        for (int i = 0; i < 7; i++) {
            delays.add(
                    out(logins.logIn(attempt("ann@example.org", "wrong" + i))).delay());
        }
        assertThat(delays).isSorted().startsWith(Duration.ofMillis(100)).endsWith(Duration.ofSeconds(2));
        // Another client is slowed at this address only by what the address has seen, and not closed.
        var elsewhere = out(logins.logIn(attempt("ann@example.org", "wrong9", Protocol.IMAP, World.OFFICE)));
        assertThat(elsewhere.delay()).isEqualTo(Duration.ofSeconds(2));
        assertThat(elsewhere.close()).isFalse();
        var last = out(logins.logIn(attempt("ann@example.org", "wrong10")));
        assertThat(last.close()).isTrue();
        assertThat(last.refusal()).isEqualTo(new Refusal.SlowDown());
        // An old phone, again and again, at its own network and address.
        world.mailbox("bob");
        var phone = client("203.0.113.5");
        for (int i = 0; i < 10; i++) {
            assertThat(out(logins.logIn(attempt("bob@example.org", "old secret", Protocol.IMAP, phone)))
                            .delay())
                    .isEqualTo(Duration.ofMillis(100));
        }
        // The same word at many addresses is many attempts.
        for (int i = 0; i < 10; i++) {
            logins.logIn(attempt("m" + i + "@example.org", "spray", Protocol.IMAP, client("203.0.113.6")));
        }
        assertThat(out(logins.logIn(attempt("m@example.org", "spray", Protocol.IMAP, client("203.0.113.6"))))
                        .close())
                .isTrue();
        in(logins.logIn(attempt("ann@example.org", secret))).close();
        assertThat(world.count("SELECT max(n) FROM (SELECT count(*) n FROM login_failure GROUP BY subject) x"))
                .isLessThanOrEqualTo(PenaltySettings.MAX_REMEMBERED);
    }

    @Test
    @DisplayName("is remembered as the token's last use, in batches")
    void lastUse() {
        in(logins.logIn(attempt("ann@example.org", secret))).close();
        in(logins.logIn(attempt("ann@example.org", secret, Protocol.IMAP, World.OFFICE)))
                .close();
        in(logins.logIn(attempt("ann@example.org", secret, Protocol.SMTP, World.HOME)))
                .close();
        node.uses().flush();
        var uses = done(world.tokens.list(World.address("ann"))).getFirst().uses();
        assertThat(uses).extracting(TokenInfo.Use::protocol).containsExactlyInAnyOrder(Protocol.IMAP, Protocol.SMTP);
        assertThat(uses.stream().filter(use -> use.protocol() == Protocol.IMAP))
                .singleElement()
                .satisfies(use -> assertThat(use.client()).isEqualTo(World.OFFICE));
        node.uses().flush(); // Nothing left.
    }

    @Test
    @DisplayName("is refused as unavailable when the database is away")
    void unavailable() {
        var settings = SCRATCH.settings();
        var broken = new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:1/none",
                settings.user(),
                settings.password(),
                settings.cell(),
                1,
                Duration.ofSeconds(1),
                Duration.ofMillis(300));
        try (var away = Database.attach(broken)) {
            var cut = new Logins(
                    away,
                    world.plans,
                    node.registry(),
                    node.livePlans(),
                    world.secrets,
                    PenaltySettings.DEFAULT,
                    node.uses(),
                    node.events(),
                    new AccountsMeters(meters),
                    any -> false,
                    InstantSource.system());
            assertThat(out(cut.logIn(attempt("ann@example.org", secret))).refusal())
                    .isEqualTo(new Refusal.Unavailable());
        }
    }
}
