package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.postern.accounts.World.attempt;
import static org.postern.accounts.World.done;
import static org.postern.accounts.World.in;
import static org.postern.accounts.World.out;

import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.accounts.LoginQuery.Found;
import org.postern.accounts.LoginQuery.Holder;
import org.postern.database.Database;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.ConnectionCap;
import org.postern.model.MailboxId;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.model.TokenId;
import org.postern.testkit.ScratchDatabase;

/** On a node that hears of nothing: what has changed it learns from the database when somebody logs in. */
@DisplayName("A login that was let in before")
class KnownLoginsTest {
    private static final PlanName LARGE = new PlanName("large");
    private static final String ALIAS = "a.nobody@example.org";

    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private World world;
    private RoundTrips wire;
    private Database database;
    private AccountsNode node;
    private String secret;

    @BeforeEach
    void start() throws Exception {
        SCRATCH.clear();
        world = new World(SCRATCH.database());
        world.plans.replace(
                World.plans(World.plan(World.SMALL, World.CAP), World.plan(LARGE, new ConnectionCap(1, 1))));
        world.mailbox("Ann");
        world.mailbox("bob");
        done(world.mailboxes.addAlias(World.address("a.nobody"), World.address("ann")));
        secret = world.token("ann", "Phone").secret();
        var deaf = SCRATCH.database().listen();
        deaf.close();
        wire = new RoundTrips(SCRATCH.settings());
        database = Database.attach(wire.through(SCRATCH.settings()));
        node = world.node(database, deaf, World.lease(9_000, 30_000, 9_000));
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
        database.close();
        wire.close();
        assertThat(world.count("SELECT count(*) FROM connection")).isZero();
    }

    private LoginOutcome logIn() {
        return logIn(secret);
    }

    private LoginOutcome logIn(String typed) {
        return node.logins().logIn(attempt(ALIAS, typed));
    }

    /** The round trips of a login that is let in and closed, less that of the close. */
    private int trips() {
        int before = wire.count();
        in(logIn()).close();
        return wire.count() - before - 1;
    }

    private void seen() {
        assertThat(trips()).isEqualTo(2);
        assertThat(trips()).isOne();
    }

    private void change(String sql) {
        int changed = world.database.once(tx -> tx.update(sql));
        assertThat(changed).isOne();
    }

    /**
     * @param sql changes one row
     * @param reason as support finds it, with {@code auth-failed}
     */
    private record End(String reason, String sql) {
        @Override
        public String toString() {
            return reason + ": " + sql;
        }
    }

    static Stream<End> ends() {
        return Stream.of(
                new End("revoked", "UPDATE client_token SET revoked_at = now()"),
                new End("expired", "UPDATE client_token SET expires_at = now()"),
                new End("unknown-secret", "UPDATE client_token SET secret_sha256 = sha256('another')"),
                new End("unknown-secret", "DELETE FROM client_token"),
                new End(
                        "secret-of-another-mailbox",
                        "UPDATE client_token SET mailbox_id = (SELECT max(mailbox_id) FROM mailbox)"),
                new End("paused", "UPDATE mailbox SET status = 'paused' WHERE address LIKE 'Ann@%'"),
                new End("suspended", "UPDATE account SET status = 'suspended'"),
                new End("unknown-address", "DELETE FROM directory.address WHERE is_alias"),
                new End(
                        "secret-of-another-mailbox",
                        "UPDATE directory.address SET mailbox_id = (SELECT max(mailbox_id) FROM mailbox) WHERE is_alias"),
                new End("switched-off", switched("imap", "false, now()")),
                new End("switched-off", switched("imap", "true, now() + interval '1 h'")));
    }

    private static String switched(String protocol, String how) {
        return """
                INSERT INTO access_switch (mailbox_id, protocol, allowed, effective_at, changed_by)
                SELECT mailbox_id, '%s', %s, 'test' FROM mailbox WHERE address LIKE 'Ann@%%'
                """.formatted(protocol, how);
    }

    @ParameterizedTest
    @MethodSource("ends")
    @DisplayName("is refused from the commit on that ends its right, for the reason that is written down for any other")
    void ended(End end) {
        seen();
        change(end.sql);
        assertThat(out(logIn()).refusal()).isEqualTo(new Refusal.AuthFailed());
        assertThat(world.count("SELECT count(*) FROM connection")).isZero();
        await().until(() -> world.count("SELECT count(*) FROM event WHERE detail->>'reason' = ?", end.reason) == 1);
        assertThat(out(logIn()).refusal()).isEqualTo(new Refusal.AuthFailed());
    }

    static Stream<String> others() {
        return Stream.of(
                "UPDATE client_token SET name = 'Other'",
                "UPDATE mailbox SET address = 'Other@example.org' WHERE address LIKE 'Ann@%'",
                "UPDATE mailbox SET account_id = (SELECT max(account_id) FROM account) WHERE address LIKE 'Ann@%'",
                "UPDATE account SET plan = 'large' WHERE name = 'Acme'",
                override("account", "1"),
                override("mailbox", "1"),
                switched("imap", "true, now()"));
    }

    private static String override(String kind, String cap) {
        return """
                UPDATE %s SET overrides = '{"cap": "%s"}'
                 WHERE %s_id = (SELECT %s_id FROM mailbox WHERE address LIKE 'Ann@%%')
                """.formatted(kind, cap, kind, kind);
    }

    @ParameterizedTest
    @MethodSource("others")
    @DisplayName("is decided anew when anything is different, and remembered as it is now")
    void different(String sql) {
        done(world.accounts.add(new AccountName("Other"), World.SMALL));
        seen();
        change(sql);
        assertThat(trips()).as("asked in vain, then anew").isEqualTo(3);
        assertThat(trips()).isOne();
    }

    @Test
    @DisplayName("is another one for the session when it was decided anew")
    void becomesOther() {
        done(world.accounts.add(new AccountName("Other"), LARGE));
        seen();
        change("UPDATE client_token SET name = 'Other'");
        change("UPDATE mailbox SET address = 'Other@example.org' WHERE address LIKE 'Ann@%'");
        change("UPDATE mailbox SET account_id = (SELECT max(account_id) FROM account) WHERE address LIKE 'Other@%'");
        try (var access = in(logIn())) {
            assertThat(access.tokenName()).isEqualTo("Other");
            assertThat(access.address()).hasToString("Other@example.org");
            assertThat(access.account().value()).isEqualTo(world.count("SELECT max(account_id) FROM account"));
            assertThat(access.plan().name()).isEqualTo(LARGE);
        }
    }

    @Test
    @DisplayName("lacks a scope, has a switch or a plan for one protocol as it has them now")
    void protocols() {
        seen();
        change(switched("smtp", "false, now()"));
        assertThat(trips()).isOne();
        change("UPDATE client_token SET scope = '{pop3}'");
        assertThat(out(logIn()).refusal()).isEqualTo(new Refusal.ScopeMissing(Protocol.IMAP));
        in(node.logins().logIn(attempt(ALIAS, secret, Protocol.POP3, World.HOME)))
                .close();
    }

    @Test
    @DisplayName("is held to the caps of now: of the account's plan, of its overrides, of the config")
    void caps() {
        seen();
        try (var first = in(logIn());
                var second = in(logIn())) {
            assertThat(first.plan()).isEqualTo(second.plan());
            change("UPDATE account SET plan = 'large'");
            assertThat(out(logIn()).refusal()).isEqualTo(full(2, 1, LARGE));
            change("UPDATE account SET plan = 'small'");
            change(override("mailbox", "1"));
            assertThat(out(logIn()).refusal()).isEqualTo(full(2, 1, World.SMALL));
            change(override("mailbox", "3"));
            in(logIn()).close();
            change(override("mailbox", "2"));
            assertThat(out(logIn()).refusal()).isEqualTo(full(2, 2, World.SMALL));
            change(override("mailbox", "-1"));
            assertThat(out(logIn()).refusal()).isEqualTo(new Refusal.Unavailable());
            change("UPDATE mailbox SET overrides = '{}' WHERE overrides <> '{}'");
            in(logIn()).close();
            world.plans.replace(World.plans(World.plan(World.SMALL, new ConnectionCap(2, 2))));
            assertThat(out(logIn()).refusal()).isEqualTo(full(2, 2, World.SMALL));
            world.plans.replace(World.plans(World.plan(LARGE, World.CAP)));
            assertThat(out(logIn()).refusal()).isEqualTo(new Refusal.Unavailable());
        }
    }

    private static Refusal full(int open, int max, PlanName plan) {
        return new Refusal.CapReached(Protocol.IMAP, open, max, ConnectionCap.Per.CLIENT_ADDRESS, plan);
    }

    @Test
    @DisplayName(
            "is no login of another secret, protocol or address, and a stranger's costs what it costs where nobody has been")
    void strangers() {
        seen();
        world.token("bob", "Phone");
        int before = wire.count();
        assertThat(out(logIn("wrong")).refusal()).isEqualTo(new Refusal.AuthFailed());
        await().until(() -> world.count("SELECT count(*) FROM event") == 1);
        int known = wire.count();
        assertThat(out(node.logins().logIn(attempt("bob@example.org", "wrong"))).refusal())
                .isEqualTo(new Refusal.AuthFailed());
        await().until(() -> world.count("SELECT count(*) FROM event") == 2);
        assertThat(known - before).isEqualTo(wire.count() - known);
        assertThat(out(node.logins().logIn(attempt("bob@example.org", secret))).refusal())
                .isEqualTo(new Refusal.AuthFailed());
        assertThat(trips()).isOne();
    }

    @Test
    @DisplayName("that comes together with others leaves none more in than the cap allows")
    void together() throws Exception {
        seen();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 20; round++) {
                var outcomes = new ArrayList<Future<LoginOutcome>>();
                for (int i = 0; i < 8; i++) {
                    outcomes.add(threads.submit(() -> logIn()));
                }
                var open = new ArrayList<Access>();
                for (var outcome : outcomes) {
                    if (outcome.get() instanceof LoginOutcome.LoggedIn(var access)) {
                        open.add(access);
                    }
                }
                assertThat(open).hasSize(World.CAP.perClientAddress());
                open.forEach(Access::close);
            }
        }
    }

    @Test
    @DisplayName("does not get in once the revocation is committed, however many are on their way")
    void revokedMeanwhile() throws Exception {
        seen();
        var revoked = new AtomicBoolean();
        Callable<Void> again = () -> {
            while (true) {
                boolean late = revoked.get();
                if (logIn() instanceof LoginOutcome.LoggedIn(var access)) {
                    access.close();
                    assertThat(late).isFalse();
                } else if (late) {
                    return null;
                }
            }
        };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.range(0, 3).mapToObj(i -> threads.submit(again)).toList();
            done(world.tokens.revoke(World.address("ann"), "Phone"));
            revoked.set(true);
            for (var each : all) {
                each.get();
            }
        }
    }

    @Test
    @DisplayName("is one of so many that are remembered, and not by a computed proof")
    void bounded() {
        var known = new KnownLogins(10);
        for (int i = 0; i < 1_000; i++) {
            known.remember(claim(attempt("ann@example.org", "secret" + i)));
        }
        assertThat(known.size()).isEqualTo(10);
        var proof = new Proof.Scram(new byte[32], new byte[32]);
        var computed = new LoginAttempt("ann@example.org", proof, Protocol.IMAP, World.HOME, "s");
        var none = new KnownLogins(10);
        none.remember(claim(computed));
        assertThat(none.size()).isZero();
    }

    @Test
    @DisplayName("is known by address, in any case, protocol and secret, and shows no secret")
    void keys() {
        var known = new KnownLogins(10);
        var ann = attempt("ann@example.org", "secret");
        known.remember(claim(ann));
        assertThat(known.find(ann, Address.parse("ANN@example.org"))).isPresent();
        assertThat(known.find(ann, Address.parse("bob@example.org"))).isEmpty();
        assertThat(known.find(ann, Address.parse("ann@example.net"))).isEmpty();
        assertThat(known.find(ann, Optional.empty())).isEmpty();
        assertThat(known.find(attempt("ann@example.org", "secrets"), Address.parse("ann@example.org")))
                .isEmpty();
        assertThat(known.find(
                        attempt("ann@example.org", "secret", Protocol.SMTP, World.HOME),
                        Address.parse("ann@example.org")))
                .isEmpty();
        known.forget(claim(ann));
        assertThat(known.size()).isZero();
    }

    private static LoginClaim claim(LoginAttempt attempt) {
        var who = new Identity(new MailboxId(1), new AccountId(1), World.address("ann"), new TokenId(1), "Phone");
        var holder = new Holder(
                who, Set.of(Protocol.IMAP), false, false, false, false, Optional.empty(), World.SMALL, Overrides.NONE);
        var found = new Found(OptionalLong.of(1), Optional.of(holder), Optional.empty());
        return new LoginClaim(attempt, Address.parse(attempt.user()), 0, 0, found);
    }
}
