package org.postern.testbed;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import org.postern.accounts.AccountName;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Domains;
import org.postern.accounts.LeaseSettings;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.PenaltySettings;
import org.postern.accounts.Plans;
import org.postern.accounts.Tokens;
import org.postern.accounts.event.EventSettings;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.model.ConnectionCap;
import org.postern.model.Domain;
import org.postern.model.HelpLine;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.StorageLimit;
import org.postern.testkit.SettableClock;

/** What stands below a protocol's sessions: account {@code Acme} with the domain {@code example.org} and plan {@code test}. */
public final class TestNode implements AutoCloseable {
    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    public static final HelpLine HELP = new HelpLine("Help: https://example.org/help");
    public static final PlanName PLAN = new PlanName("test");
    public static final long MAX_MESSAGE = 1 << 20;
    public static final long STORAGE = 3 << 20;
    public static final int MESSAGES = 5_000;

    private static final int CAP = 20;

    /** Long enough to be a delay, short enough for a test. */
    private static final PenaltySettings PENALTIES =
            new PenaltySettings(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1), 4);

    private final Database database;
    private final SecureRandom random = new SecureRandom();
    private final SettableClock clock = SettableClock.at(NOW);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final CurrentPlans plans = new CurrentPlans(new Plans(Map.of(PLAN, plan())));
    private final Notifications notifications;
    private final FolderFeed feed;
    private final FolderTree folders;
    private final FolderStore messages;
    private final Contents contents;
    private final AccountsNode accounts;
    private final Mailboxes mailboxes;
    private final Tokens tokens;

    TestNode(Database database) {
        this.database = database;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        this.folders = new FolderTree(database, feed);
        this.messages = new FolderStore(database, feed);
        this.contents = new Contents(database);
        var settings =
                new AccountsNode.Settings(LeaseSettings.of("test"), PENALTIES, client -> false, EventSettings.DEFAULT);
        this.accounts = AccountsNode.start(database, notifications, plans, settings, meters, random, clock);
        this.mailboxes = new Mailboxes(
                database,
                new AccountPasswords(random),
                folders::createStandard,
                new FolderAcls(database, feed)::turned);
        this.tokens = new Tokens(database, accounts.secrets(), random);
        done(new Accounts(database, plans).add(new AccountName("Acme"), PLAN));
        done(new Domains(database, () -> (tx, domain) -> {}).add(new AccountName("Acme"), new Domain("example.org")));
    }

    private static Plan plan() {
        var rights = new EnumMap<Protocol, ProtocolRights>(Protocol.class);
        for (var protocol : Protocol.values()) {
            rights.put(protocol, ProtocolRights.of(new ConnectionCap(CAP, CAP)));
        }
        return new Plan(
                PLAN,
                rights,
                Plan.Sending.within(100),
                new StorageLimit(STORAGE, OptionalInt.of(MESSAGES)),
                MAX_MESSAGE);
    }

    public Database database() {
        return database;
    }

    public SecureRandom random() {
        return random;
    }

    public SettableClock clock() {
        return clock;
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    public FolderFeed feed() {
        return feed;
    }

    public FolderTree folders() {
        return folders;
    }

    public FolderStore messages() {
        return messages;
    }

    public Contents contents() {
        return contents;
    }

    public AccountsNode accounts() {
        return accounts;
    }

    public Mailboxes mailboxes() {
        return mailboxes;
    }

    public Tokens tokens() {
        return tokens;
    }

    public CurrentPlans plans() {
        return plans;
    }

    /** Puts another plan in the place of {@link #PLAN}, as a reload of the config does. */
    public void change(Plan plan) {
        plans.replace(new Plans(Map.of(PLAN, plan)));
    }

    public static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.text());
        };
    }

    @Override
    public void close() {
        accounts.close();
        feed.close();
        notifications.close();
    }
}
