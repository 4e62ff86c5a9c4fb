package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.accounts.event.EventSettings;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.ConnectionCap;
import org.postern.model.Domain;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;

/** One account with mailboxes on a scratch database, and nodes that serve it. */
final class World {
    static final PlanName SMALL = new PlanName("small");
    static final ConnectionCap CAP = new ConnectionCap(3, 5);
    static final ClientAddress HOME = client("192.0.2.1");
    static final ClientAddress OFFICE = client("192.0.2.2");

    /** Where whoever should make room for a login does not, it is refused soon; on a busy machine one that does is heard. */
    static final Duration HAND_OVER = Duration.ofSeconds(2);

    private static final AtomicInteger SESSIONS = new AtomicInteger();

    final Database database;
    final CurrentPlans plans;
    final SecureRandom random = new SecureRandom();
    final ClusterSecrets secrets;
    final Accounts accounts;
    final Domains domains;
    final Mailboxes mailboxes;
    final Tokens tokens;

    World(Database database) {
        this.database = database;
        this.plans = new CurrentPlans(plans(plan(SMALL, CAP)));
        this.secrets = ClusterSecrets.load(database, random);
        this.accounts = new Accounts(database, plans);
        this.domains = new Domains(database, () -> (tx, domain) -> {});
        this.mailboxes = new Mailboxes(database, new AccountPasswords(random), (tx, id) -> {}, _ -> {});
        this.tokens = new Tokens(database, secrets, random);
        done(accounts.add(new AccountName("Acme"), SMALL));
        done(domains.add(new AccountName("Acme"), new Domain("example.org")));
    }

    static Plan plan(PlanName name, ConnectionCap cap, SendQuota... quotas) {
        var rights = new EnumMap<Protocol, ProtocolRights>(Protocol.class);
        for (var protocol : Protocol.values()) {
            rights.put(protocol, ProtocolRights.of(cap));
        }
        return new Plan(name, rights, Plan.Sending.within(100, quotas), new StorageLimit(1 << 30), 50 << 20);
    }

    /** Plans that know two keys of the real file's: {@code cap} of every protocol, and {@code storage}, in bytes. */
    static Plans plans(Plan... plans) {
        return new Plans(Stream.of(plans).collect(Collectors.toMap(Plan::name, plan -> plan)), World::override);
    }

    private static Plan override(Plan plan, Overrides overrides) {
        var rights = new EnumMap<>(plan.protocols());
        var storage = plan.storage();
        for (var override : overrides.byKey().entrySet()) {
            int value = Integer.parseInt(override.getValue());
            switch (override.getKey()) {
                case "cap" -> rights.replaceAll((p, was) -> ProtocolRights.of(new ConnectionCap(value, value)));
                case "storage" -> storage = new StorageLimit(value);
                default -> throw new IllegalArgumentException(override.getKey() + ": no such key");
            }
        }
        return new Plan(plan.name(), rights, plan.sending(), storage, plan.maxMessageBytes());
    }

    MailboxInfo mailbox(String localPart) {
        return done(mailboxes.add(address(localPart), ""));
    }

    /** A token for everything, and its secret. */
    NewToken token(String localPart, String name) {
        return done(tokens.create(address(localPart), TokenRequest.named(name)));
    }

    NewToken token(String localPart, String name, Protocol... scope) {
        return done(tokens.create(
                address(localPart), new TokenRequest(name, EnumSet.copyOf(Set.of(scope)), Optional.empty())));
    }

    AccountsNode node(Database through, Notifications notifications, LeaseSettings lease) {
        return node(through, notifications, lease, new SimpleMeterRegistry());
    }

    AccountsNode node(
            Database through, Notifications notifications, LeaseSettings lease, SimpleMeterRegistry registry) {
        var settings = new AccountsNode.Settings(
                lease,
                new PenaltySettings(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofHours(1), 5),
                client -> client.toString().startsWith("198.51.100."),
                EventSettings.DEFAULT);
        return AccountsNode.start(through, notifications, plans, settings, registry, random, InstantSource.system());
    }

    /** Of a node whose slots are free when their sessions are over: the table has what is open, and nothing else. */
    static LeaseSettings lease(int heartbeatMillis, int leaseMillis, int marginMillis) {
        return lease(heartbeatMillis, leaseMillis, marginMillis, 0);
    }

    static LeaseSettings lease(int heartbeatMillis, int leaseMillis, int marginMillis, int spareMillis) {
        return new LeaseSettings(
                "test",
                Duration.ofMillis(heartbeatMillis),
                Duration.ofMillis(leaseMillis),
                Duration.ofMillis(marginMillis),
                HAND_OVER,
                Duration.ofMillis(spareMillis));
    }

    static LoginAttempt attempt(String user, String secret) {
        return attempt(user, secret, Protocol.IMAP, HOME);
    }

    static LoginAttempt attempt(String user, String secret, Protocol protocol, ClientAddress client) {
        return new LoginAttempt(user, secret, protocol, client, "s" + SESSIONS.incrementAndGet());
    }

    static Access in(LoginOutcome outcome) {
        assertThat(outcome).isInstanceOf(LoginOutcome.LoggedIn.class);
        return ((LoginOutcome.LoggedIn) outcome).access();
    }

    static LoginOutcome.Refused out(LoginOutcome outcome) {
        assertThat(outcome).isInstanceOf(LoginOutcome.Refused.class);
        return (LoginOutcome.Refused) outcome;
    }

    static <T> T done(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    static Problem failed(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<?>) outcome).problem();
    }

    static Address address(String localPart) {
        return Address.parse(localPart + "@example.org").orElseThrow();
    }

    static ClientAddress client(String literal) {
        return new ClientAddress(InetAddress.ofLiteral(literal));
    }

    static Instant soon() {
        return Instant.now().plusSeconds(3600);
    }

    long count(String sql, Object... params) {
        return database.once(tx -> tx.one(sql, row -> row.longValue(1), params));
    }
}
