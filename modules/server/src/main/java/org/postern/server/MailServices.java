package org.postern.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Entitlements;
import org.postern.accounts.LeaseSettings;
import org.postern.console.Console;
import org.postern.console.owner.HttpLimits;
import org.postern.console.owner.OwnerPages;
import org.postern.database.Database;
import org.postern.delivery.NoticeRunner;
import org.postern.delivery.NoticeText;
import org.postern.delivery.inbound.SpamFilter;
import org.postern.imap.Backend;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapRefusals;
import org.postern.imap.ImapSessions;
import org.postern.line.LineLimits;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.Pop3View;
import org.postern.mailstore.SentCopies;
import org.postern.mailstore.StoreSweeps;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.SweepSettings;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.search.IndexSettings;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.search.SearchIndexer;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.ClientAddress;
import org.postern.model.HelpLine;
import org.postern.net.SessionFactory;
import org.postern.pop3.Pop3Limits;
import org.postern.pop3.Pop3Refusals;
import org.postern.pop3.Pop3Sessions;
import org.postern.server.config.ByteSize;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.ListenerProtocol;
import org.postern.smtp.Replies;

/** Everything between the database and the sockets: accounts, store, delivery, and the sessions of all protocols. */
final class MailServices {
    private static final int MEMORY_OF_HEAP = 8;

    private final PosternSettings settings;
    private final Database database;
    private final CurrentPlans plans;
    private final MeterRegistry meters;
    private final HelpLine help;
    private final SpoolSettings spools;

    private final FolderFeed feed;
    private final Folders folders;
    private final FolderStore store;
    private final Contents contents;
    private final AccountsNode accounts;
    private final Administration administration;

    /** Starts what works in the background; what is started is added to {@code stops}. */
    MailServices(PosternSettings settings, Database database, CurrentPlans plans, MeterRegistry meters, StopOrder stops)
            throws IOException, ConfigRefused {
        this.settings = settings;
        this.database = database;
        this.plans = plans;
        this.meters = meters;
        this.help = settings.config().help();
        this.spools = SpoolFolder.in(
                settings.data(), new SpoolMemory(memory(settings.config().spoolMemory())));

        var notifications = stops.add("notifications", database.listen());
        this.feed = stops.add("folder feed", new FolderFeed(database, notifications, FeedSettings.DEFAULT));
        this.folders = Folders.over(database, feed);
        this.store = new FolderStore(database, feed);
        this.contents = new Contents(database, memory(settings.config().messageCache()));
        stops.add("store sweeps", new StoreSweeps(database, SweepSettings.DEFAULT))
                .start();

        stops.add("search indexer", new SearchIndexer(database, contents, IndexSettings.DEFAULT))
                .start();

        this.accounts = stops.add(
                "accounts",
                AccountsNode.start(
                        database,
                        notifications,
                        plans,
                        accountsSettings(),
                        meters,
                        settings.random(),
                        settings.clock()));
        var parts = new Administration.AccountsParts(
                accounts.secrets(),
                new Entitlements(database, plans),
                accounts.sendQuotas(),
                accounts.accessSwitches(),
                accounts.sendingLocks());
        stops.add(
                "notices",
                NoticeRunner.start(
                        database, store, new NoticeText(settings.config().hostname(), help), settings.clock()));
        this.administration =
                Administration.of(database, settings.config(), plans, () -> folders, parts, settings.random());
        gauges();
    }

    /** As configured, and never so much that a small heap would be full of it. */
    private static long memory(ByteSize configured) {
        return Math.min(configured.bytes(), Runtime.getRuntime().maxMemory() / MEMORY_OF_HEAP);
    }

    private AccountsNode.Settings accountsSettings() throws IOException, ConfigRefused {
        return new AccountsNode.Settings(
                LeaseSettings.of(nodeName()),
                settings.config().loginFailures().toPenalties(),
                this::isExempt,
                ConfigFiles.events(settings.config().events()));
    }

    /** All that can be spoken, and what carries accepted messages on. */
    Map<ListenerProtocol, Speaker> speakers(StopOrder stops) throws ConfigRefused {
        var delivery = DeliveryServices.start(
                settings, database, store, folders.tree(), accounts, administration, spools, meters, stops);
        var spamFilter = ConfigFiles.spamFilter(settings.config().spamFilter())
                .map(asked -> stops.add("spam filter", new SpamFilter(asked, meters)));
        var smtp = new SmtpServices(settings, database, accounts, delivery, spamFilter, spools, meters);
        var replies = new Replies(help);
        return Map.of(
                ListenerProtocol.IMAP, new Speaker(imap(), refusal -> ImapRefusals.closing(refusal, help)),
                ListenerProtocol.POP3, new Speaker(pop3(), new Pop3Refusals(help)::closing),
                ListenerProtocol.SMTP, new Speaker(smtp.submission(), replies::closing),
                ListenerProtocol.LMTP, new Speaker(smtp.lmtp(), replies::closing),
                ListenerProtocol.MX, new Speaker(smtp.mx(), replies::closing),
                ListenerProtocol.HTTPS, new Speaker(ownerPages(), refusal -> OwnerPages.closing(refusal, help)));
    }

    private SessionFactory imap() {
        var backend = new Backend(
                accounts.logins(),
                accounts.sasl(),
                folders.tree(),
                folders.visible(),
                folders.acls(),
                administration.entitlements(),
                new Subscriptions(database, feed),
                store,
                new SentCopies(database),
                contents,
                new SearchIndex(database),
                feed,
                new Metadata(database, feed),
                spools,
                help,
                meters,
                settings.clock());
        return new ImapSessions(
                backend,
                ImapLimits.STANDARD.withIdle(settings.config().sessions().imapIdle()));
    }

    private SessionFactory pop3() {
        var defaults = Pop3Limits.DEFAULT;
        var limits = new Pop3Limits(
                idle(defaults.line(), settings.config().sessions().pop3Idle()), defaults.saslLine());
        var view = new Pop3View(database, store);
        return new Pop3Sessions(
                accounts.logins(), accounts.sasl(), plans, folders.tree(), feed, view, contents, limits, help, meters);
    }

    private SessionFactory ownerPages() {
        var owners = accounts.owners(administration.mailboxes());
        return new OwnerPages(owners, accounts.accessSwitches(), HttpLimits.DEFAULT, help, meters);
    }

    static LineLimits idle(LineLimits others, Duration idle) {
        return new LineLimits(
                others.commandLine(),
                others.skippedLine(),
                others.badCommands(),
                others.commandsBeforeLogin(),
                others.commands(),
                others.idleBeforeLogin(),
                idle);
    }

    Administration administration() {
        return administration;
    }

    /** What keeps this node from serving, if anything does. */
    Optional<String> problem() {
        return Console.problemUnless(
                !accounts.registry().hasLapsed(), "the lease of this node has lapsed: the database is away");
    }

    private void gauges() {
        Gauge.builder("postern.spool.memory", spools.memory(), SpoolMemory::takenBytes)
                .description("Memory of large messages on their way")
                .baseUnit(BaseUnits.BYTES)
                .register(meters);
        gauge("postern.feed.folders", "Folders with a snapshot in memory", FolderFeed.Statistics::folders);
        gauge("postern.feed.watchers", "Sessions that watch a folder", FolderFeed.Statistics::watchers);
        gauge("postern.feed.messages", "Messages of all snapshots in memory", FolderFeed.Statistics::messages);
    }

    private void gauge(String name, String description, ToDoubleFunction<FolderFeed.Statistics> value) {
        Gauge.builder(name, feed, each -> value.applyAsDouble(each.statistics()))
                .description(description)
                .register(meters);
    }

    private boolean isExempt(ClientAddress client) {
        return settings.config().exemptNetworks().stream().anyMatch(network -> network.contains(client.inet()));
    }

    /** For the node table; the operating system's own name, without asking a name server. */
    private String nodeName() throws IOException {
        var name = Path.of("/proc/sys/kernel/hostname");
        return Files.isReadable(name)
                ? Files.readString(name).strip()
                : settings.config().hostname().name();
    }
}
