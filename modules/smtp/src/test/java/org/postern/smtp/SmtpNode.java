package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.AccountName;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Directory;
import org.postern.accounts.Domains;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Forwardings;
import org.postern.accounts.LeaseSettings;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.PenaltySettings;
import org.postern.accounts.Plans;
import org.postern.accounts.event.EventSettings;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.delivery.Arrivals;
import org.postern.delivery.Carriers;
import org.postern.delivery.DeliveryLimits;
import org.postern.delivery.DeliveryMeter;
import org.postern.delivery.ForwardRoutes;
import org.postern.delivery.Forwarder;
import org.postern.delivery.MailboxTerms;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.QueueRunner;
import org.postern.delivery.Recipients;
import org.postern.delivery.Reports;
import org.postern.delivery.Submissions;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.delivery.dsn.ReportText;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.SpecialFolders;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.net.KnownPeers;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.SessionFactory;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.testkit.Certificates;

/**
 * What takes mail and delivers it, on a scratch database, and the listeners for whoever brings it. In example.org {@code ann}, who is
 * {@code anna} too, and {@code bob} have mailboxes.
 */
public final class SmtpNode implements AutoCloseable {
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final SecureRandom random = new SecureRandom();
    public final InstantSource clock = InstantSource.system();
    public final Database database;
    public final CurrentPlans plans;
    public final AccountsNode accounts;
    public final Mailboxes mailboxes;
    public final MailboxId ann;
    public final MailboxId bob;
    public final SpoolSettings spools;
    public final Recipients recipients;
    public final QueueRunner runner;
    public final Submissions submissions;
    public final Arrivals arrivals;
    public final Listeners listeners;

    private final Notifications notifications;
    private final FolderFeed feed;
    private final FolderTree tree;
    private final Contents contents;
    private final TlsContexts tls;

    /** @param certificate of the listeners, whose name is the host's */
    public SmtpNode(
            Database database,
            Path directory,
            Certificates certificate,
            Domain host,
            Plan plan,
            PausedMailboxes paused) {
        this.database = database;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        this.tree = new FolderTree(database, feed);
        this.contents = new Contents(database);
        this.plans = new CurrentPlans(new Plans(Map.of(plan.name(), plan)));
        this.accounts = AccountsNode.start(database, notifications, plans, settings(), meters, random, clock);
        this.mailboxes = new Mailboxes(database, new AccountPasswords(random), tree::createStandard, _ -> {});
        this.spools = new SpoolSettings(directory, 100 << 20);
        this.recipients = new Recipients(new Directory(database), mailboxes, paused);
        var limits = DeliveryLimits.DEFAULT;
        var store = new FolderStore(database, feed);
        var terms = new MailboxTerms(database, new Entitlements(database, plans), new SpecialFolders(database, tree));
        var meter = new DeliveryMeter(meters);
        var signer = new MessageSigner(new DkimKeys(database, accounts.secrets(), random, clock), clock);
        var reports = new Reports(
                new ReportText(host, HelpLine.NONE, random),
                new Directory(database),
                accounts.events(),
                limits.expiry(),
                clock);
        var routes = new ForwardRoutes(new Directory(database), new Forwardings(database), recipients);
        var forwarder = new Forwarder(database, routes, signer, limits);
        var carriers = new Carriers();
        this.runner = new QueueRunner(
                database, store, terms, forwarder, reports, spools, carriers, limits, meter, random, clock);
        carriers.add(runner::wake);
        this.arrivals = new Arrivals(database, store, terms, carriers::wake, limits, meter, clock);
        this.submissions = new Submissions(
                database,
                store,
                accounts.sendQuotas(),
                accounts.abuseWatch(),
                terms,
                carriers::wake,
                limits,
                meter,
                signer,
                clock);
        this.tls = contexts(certificate);
        this.listeners = new Listeners(NetLimits.DEFAULT, tls, meters, random);
        done(new Accounts(database, plans).add(new AccountName("Acme"), plan.name()));
        domain("example.org", Optional.empty());
        this.ann = done(mailboxes.add(address("ann"), "")).id();
        this.bob = done(mailboxes.add(address("bob"), "")).id();
        done(mailboxes.addAlias(address("anna"), address("ann")));
    }

    private static AccountsNode.Settings settings() {
        return new AccountsNode.Settings(
                LeaseSettings.of("test"),
                new PenaltySettings(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1), 4),
                client -> false,
                EventSettings.DEFAULT);
    }

    private TlsContexts contexts(Certificates certificate) {
        var files = new TlsSettings.CertificateFiles(certificate.certificateFile(), certificate.keyFile());
        var settings = new TlsSettings(TlsSettings.Provider.AUTO, List.of(files), Duration.ofHours(1));
        try {
            return TlsContexts.open(settings, clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the account a domain. */
    public void domain(String name, Optional<Address> catchAll) {
        var domains = new Domains(database, () -> (tx, domain) -> {});
        done(domains.add(new AccountName("Acme"), new Domain(name)));
        if (catchAll.isPresent()) {
            done(domains.catchAll(new Domain(name), catchAll));
        }
    }

    public void change(Plan plan) {
        plans.replace(new Plans(Map.of(plan.name(), plan)));
    }

    /**
     * Opens a port.
     *
     * @param peers who alone may connect, where only some may
     */
    public int listen(String bind, TlsMode mode, Optional<KnownPeers> peers, SessionFactory sessions, Replies replies) {
        var any = new InetSocketAddress(InetAddress.ofLiteral(bind), 0);
        var port = new ListenerSettings("test", "smtp", any, mode, List.of(), Optional.empty(), false, true, peers);
        try {
            return listeners.bind(port, sessions, replies::closing).port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every message of the folder as stored, oldest first. */
    public List<String> messages(MailboxId mailbox, FolderName name) {
        var folder = tree.find(mailbox, name).orElseThrow().id();
        try (var watch = feed.watch(folder, () -> {})) {
            var snapshot = watch.snapshot();
            var messages = new ArrayList<String>();
            for (int i = 0; i < snapshot.size(); i++) {
                var out = new ByteArrayOutputStream();
                contents.stream(mailbox, snapshot.content(i), 0, snapshot.size(i), out);
                messages.add(out.toString(UTF_8));
            }
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Address address(String localPart) {
        return Address.parse(localPart + "@example.org").orElseThrow();
    }

    public static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    @Override
    public void close() {
        listeners.close();
        tls.close();
        runner.close();
        accounts.close();
        feed.close();
        notifications.close();
    }
}
