package org.postern.smtp.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.AccountName;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Directory;
import org.postern.accounts.Domains;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Forwardings;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.Plans;
import org.postern.accounts.event.EventSettings;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.delivery.Arrivals;
import org.postern.delivery.Carriers;
import org.postern.delivery.DeliveryLimits;
import org.postern.delivery.DeliveryMeter;
import org.postern.delivery.ForwardRoutes;
import org.postern.delivery.Forwarder;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.MailboxTerms;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.QueueRunner;
import org.postern.delivery.Recipients;
import org.postern.delivery.Reports;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.delivery.dsn.ReportText;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.SpecialFolders;
import org.postern.mime.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.StorageLimit;
import org.postern.net.KnownPeers;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.SessionFactory;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.smtp.Replies;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/** An LMTP listener on a scratch database: {@code ann} (also {@code anna}), {@code bob} and the catch-all's {@code eve} at example.org. */
final class InboundNode implements AutoCloseable {
    static final int STORAGE = 200_000;
    private static final PlanName PLAN = new PlanName("test");
    private static final Certificates CERTIFICATE = Certificates.selfSigned("mx.example.org");

    final Database database;
    final Mailboxes mailboxes;
    final QueueRunner runner;
    final MailboxId ann;
    final MailboxId bob;
    final Recipients recipients;
    final Arrivals arrivals;
    final SpoolSettings spools;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final Events events;
    private final Notifications notifications;
    private final FolderFeed feed;
    private final FolderTree tree;
    private final Contents contents;
    private final TlsContexts contexts;
    private final Listeners listeners;

    InboundNode(Database database, Path directory) {
        this.database = database;
        var random = new SecureRandom();
        var clock = InstantSource.system();
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        this.tree = new FolderTree(database, feed);
        this.contents = new Contents(database);
        this.mailboxes = new Mailboxes(database, new AccountPasswords(random), tree::createStandard);
        this.spools = new SpoolSettings(directory, 100 << 20);
        var plan = new Plan(PLAN, Map.of(), Plan.Sending.none(), new StorageLimit(STORAGE), 1 << 20);
        var plans = new CurrentPlans(new Plans(Map.of(PLAN, plan)));
        var store = new FolderStore(database, feed);
        var terms = new MailboxTerms(database, new Entitlements(database, plans), new SpecialFolders(database, tree));
        var meter = new DeliveryMeter(meters);
        var limits = DeliveryLimits.DEFAULT;
        this.events = new Events(database, meters, Clock.systemUTC(), EventSettings.DEFAULT::tells);
        var reports = new Reports(
                new ReportText(new Domain("mx.example.org"), HelpLine.NONE, random),
                new Directory(database),
                events,
                limits.expiry(),
                clock);
        this.recipients = new Recipients(new Directory(database), mailboxes, PausedMailboxes.REFUSE);
        var signer =
                new MessageSigner(new DkimKeys(database, ClusterSecrets.load(database, random), random, clock), clock);
        var forwarder = new Forwarder(
                database,
                new ForwardRoutes(new Directory(database), new Forwardings(database), recipients),
                signer,
                limits);
        var carriers = new Carriers();
        this.runner = new QueueRunner(
                database, store, terms, forwarder, reports, spools, carriers, limits, meter, random, clock);
        carriers.add(runner::wake);
        this.arrivals = new Arrivals(database, store, terms, carriers::wake, limits, meter, clock);
        try {
            var files = new TlsSettings.CertificateFiles(CERTIFICATE.certificateFile(), CERTIFICATE.keyFile());
            this.contexts = TlsContexts.open(
                    new TlsSettings(TlsSettings.Provider.AUTO, List.of(files), Duration.ofHours(1)), clock, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.listeners = new Listeners(NetLimits.DEFAULT, contexts, meters, random);
        done(new Accounts(database, plans).add(new AccountName("Acme"), PLAN));
        var domains = new Domains(database, (tx, domain) -> {});
        done(domains.add(new AccountName("Acme"), new Domain("example.org")));
        done(domains.add(new AccountName("Acme"), new Domain("catch.example")));
        this.ann = done(mailboxes.add(address("ann"), "")).id();
        this.bob = done(mailboxes.add(address("bob"), "")).id();
        done(mailboxes.addAlias(address("anna"), address("ann")));
        done(domains.catchAll(new Domain("catch.example"), Optional.of(address("bob"))));
    }

    /** Opens a port for the sessions. */
    int listen(String bind, SessionFactory sessions) {
        return listen(bind, TlsMode.STARTTLS, Optional.empty(), sessions);
    }

    /** @param peers who alone may connect */
    int listen(String bind, TlsMode tls, Optional<KnownPeers> peers, SessionFactory sessions) {
        var any = new InetSocketAddress(InetAddress.ofLiteral(bind), 0);
        var port = new ListenerSettings("inbound", "smtp", any, tls, List.of(), Optional.empty(), false, false, peers);
        try {
            return listeners
                    .bind(port, sessions, new Replies(HelpLine.NONE)::closing)
                    .port();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InboundSettings settings(InboundLimits limits, FullMailboxes full) {
        return new InboundSettings(new Domain("mx.example.org"), HelpLine.NONE, full, spools, limits);
    }

    static Transcript talk(int port) {
        return Transcript.with(() -> TlsClient.to(port).plain());
    }

    List<String> inbox(MailboxId mailbox) {
        return folder(mailbox, FolderName.INBOX);
    }

    List<String> folder(MailboxId mailbox, FolderName name) {
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

    static Address address(String localPart) {
        return Address.parse(localPart + "@example.org").orElseThrow();
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.toString());
        };
    }

    @Override
    public void close() {
        listeners.close();
        contexts.close();
        runner.close();
        events.close();
        feed.close();
        notifications.close();
    }
}
