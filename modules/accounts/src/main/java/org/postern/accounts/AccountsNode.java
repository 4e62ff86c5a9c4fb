package org.postern.accounts;

import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.accounts.event.EventSettings;
import org.postern.accounts.event.Events;
import org.postern.accounts.event.Webhook;
import org.postern.accounts.sasl.Sasl;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.ClientAddress;

/**
 * What a serving node needs of this module, built in its order and closed in the reverse one. Administrators' verbs
 * ({@link Accounts}, {@link Domains}, {@link Mailboxes}, {@link Tokens}, {@link Connections}) need only a database and
 * are made where they are used.
 */
public final class AccountsNode implements AutoCloseable {
    private final ClusterSecrets secrets;
    private final Events events;
    private final Optional<Webhook> webhook;
    private final TokenUses uses;
    private final ConnectionRegistry registry;
    private final LivePlans livePlans;
    private final Directory directory;
    private final Logins logins;
    private final Sasl sasl;
    private final SendQuotas sendQuotas;
    private final AccessSwitches accessSwitches;
    private final SendingLocks sendingLocks;
    private final AbuseWatch abuseWatch;
    private final LoginDefence defence;
    private final InstantSource clock;
    private final Housekeeping housekeeping;

    /**
     * @param exempt the client addresses that count against no cap
     */
    public record Settings(
            LeaseSettings lease, PenaltySettings penalties, Predicate<ClientAddress> exempt, EventSettings events) {
        /** Defaults, no exempt networks. */
        public static Settings of(String nodeName) {
            return new Settings(
                    LeaseSettings.of(nodeName), PenaltySettings.DEFAULT, client -> false, EventSettings.DEFAULT);
        }
    }

    private AccountsNode(
            Database database,
            Notifications notifications,
            CurrentPlans plans,
            Settings settings,
            MeterRegistry registry,
            SecureRandom random,
            InstantSource clock) {
        var meters = new AccountsMeters(registry);
        this.secrets = ClusterSecrets.load(database, random);
        this.registry = ConnectionRegistry.start(database, notifications, settings.lease(), meters);
        this.events = new Events(database, registry, clock, settings.events()::tells);
        this.webhook = settings.events().webhook().map(told -> Webhook.start(database, told, registry, clock));
        this.uses = new TokenUses(database);
        this.livePlans = LivePlans.start(
                new Entitlements(database, plans),
                this.registry,
                notifications,
                database.settings().cell());
        this.directory = Directory.remembering(database, notifications);
        this.logins = new Logins(
                database,
                plans,
                this.registry,
                livePlans,
                secrets,
                settings.penalties(),
                uses,
                events,
                meters,
                settings.exempt(),
                clock);
        this.sasl = new Sasl(logins, secrets, random);
        this.sendQuotas = new SendQuotas(database, events, meters);
        this.accessSwitches = new AccessSwitches(database, new Entitlements(database, plans), events, clock);
        this.sendingLocks = new SendingLocks(database, events, clock);
        this.abuseWatch = new AbuseWatch(database, new Entitlements(database, plans), sendingLocks, accessSwitches);
        this.defence = new LoginDefence(database, secrets, settings.penalties());
        this.clock = clock;
        this.housekeeping = new Housekeeping(
                database,
                sendQuotas,
                new IdleAccess(database, plans, accessSwitches),
                defence,
                settings.events().retention());
    }

    /**
     * Registers this node and begins to serve.
     *
     * @throws org.postern.database.DatabaseUnavailable nothing was registered
     */
    public static AccountsNode start(
            Database database,
            Notifications notifications,
            CurrentPlans plans,
            Settings settings,
            MeterRegistry registry,
            SecureRandom random,
            InstantSource clock) {
        return new AccountsNode(database, notifications, plans, settings, registry, random, clock);
    }

    public ClusterSecrets secrets() {
        return secrets;
    }

    public Events events() {
        return events;
    }

    /** For whatever comes in: it remembers. */
    public Directory directory() {
        return directory;
    }

    public Logins logins() {
        return logins;
    }

    public Sasl sasl() {
        return sasl;
    }

    public SendQuotas sendQuotas() {
        return sendQuotas;
    }

    public AccessSwitches accessSwitches() {
        return accessSwitches;
    }

    public SendingLocks sendingLocks() {
        return sendingLocks;
    }

    public AbuseWatch abuseWatch() {
        return abuseWatch;
    }

    /** Who owns which of the mailboxes. */
    public OwnerLogins owners(Mailboxes mailboxes) {
        return new OwnerLogins(mailboxes, defence, events, clock);
    }

    public ConnectionRegistry registry() {
        return registry;
    }

    LivePlans livePlans() {
        return livePlans;
    }

    TokenUses uses() {
        return uses;
    }

    Housekeeping housekeeping() {
        return housekeeping;
    }

    /** Ends what is left of the connections, frees their slots, and writes what waits to be written. */
    @Override
    public void close() {
        registry.close();
        livePlans.close();
        housekeeping.close();
        uses.close();
        events.close();
        webhook.ifPresent(Webhook::close);
    }
}
