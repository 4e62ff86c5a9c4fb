package org.postern.smtp.submission;

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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
import org.postern.accounts.Senders;
import org.postern.accounts.SendingLocks;
import org.postern.accounts.TokenRequest;
import org.postern.accounts.Tokens;
import org.postern.accounts.event.EventSettings;
import org.postern.database.Database;
import org.postern.database.Notifications;
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
import org.postern.mime.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.ConnectionCap;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.smtp.Replies;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/**
 * Submission listeners on a scratch database: {@code ann@example.org} and {@code bob@example.org} have mailboxes, ann also
 * {@code anna@example.org}, and a token.
 */
final class SubmissionNode implements AutoCloseable {
    static final PlanName PLAN = new PlanName("test");
    static final int MAX_MESSAGE = 50 << 20;
    static final Duration LONGEST_HOLD = Duration.ofDays(31);
    private static final Certificates CERTIFICATE = Certificates.selfSigned("mail.example.org");
    private static final AtomicInteger TOKENS = new AtomicInteger();

    final Database database;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CurrentPlans plans = new CurrentPlans(new Plans(Map.of(PLAN, plan(true, 50))));
    final Listeners listeners;
    final int implicitPort;
    final int startTlsPort;
    final MailboxId ann;
    final MailboxId bob;
    final String token;
    final Mailboxes mailboxes;
    final Tokens tokens;
    final QueueRunner runner;

    private final SecureRandom random = new SecureRandom();
    private final TlsContexts tls;
    private final Notifications notifications;
    private final FolderFeed feed;
    private final FolderTree tree;
    private final Contents contents;
    private final AccountsNode accounts;

    SubmissionNode(Database database, Path directory) {
        this(database, directory, SubmissionLimits.DEFAULT, false);
    }

    SubmissionNode(Database database, Path directory, SubmissionLimits limits, boolean showClientAddress) {
        this.database = database;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        this.tree = new FolderTree(database, feed);
        this.contents = new Contents(database);
        this.accounts = accounts();
        this.mailboxes = new Mailboxes(database, new AccountPasswords(random), tree::createStandard);
        this.tokens = new Tokens(database, accounts.secrets(), random);
        var clock = InstantSource.system();
        var spools = new SpoolSettings(directory, 100 << 20);
        var store = new FolderStore(database, feed);
        var terms = new MailboxTerms(database, new Entitlements(database, plans), new SpecialFolders(database, tree));
        var meter = new DeliveryMeter(meters);
        var reports = new Reports(
                new ReportText(new Domain("mail.example.org"), HelpLine.NONE, random),
                new Directory(database),
                accounts.events(),
                DeliveryLimits.DEFAULT.expiry(),
                clock);
        var recipients = new Recipients(new Directory(database), mailboxes, PausedMailboxes.HOLD);
        var signer = new MessageSigner(new DkimKeys(database, accounts.secrets(), random, clock), clock);
        var forwarder = new Forwarder(
                database,
                new ForwardRoutes(new Directory(database), new Forwardings(database), recipients),
                signer,
                DeliveryLimits.DEFAULT);
        var carriers = new Carriers();
        this.runner = new QueueRunner(
                database,
                store,
                terms,
                forwarder,
                reports,
                spools,
                carriers,
                DeliveryLimits.DEFAULT,
                meter,
                random,
                clock);
        carriers.add(runner::wake);
        var submissions = new Submissions(
                database,
                store,
                accounts.sendQuotas(),
                accounts.abuseWatch(),
                terms,
                carriers::wake,
                DeliveryLimits.DEFAULT,
                meter,
                signer,
                clock);
        var help = new HelpLine("See https://help.example.");
        var settings = new SubmissionSettings(
                new Domain("mail.example.org"), help, showClientAddress, LONGEST_HOLD, spools, limits);
        var sessions = new SubmissionSessions(
                settings,
                accounts.sasl(),
                new Senders(database),
                recipients,
                submissions,
                accounts.abuseWatch(),
                accounts.events(),
                meters,
                clock,
                random);
        var replies = new Replies(help);
        try {
            var files = new TlsSettings.CertificateFiles(CERTIFICATE.certificateFile(), CERTIFICATE.keyFile());
            this.tls = TlsContexts.open(
                    new TlsSettings(TlsSettings.Provider.AUTO, List.of(files), Duration.ofHours(1)), clock, random);
            this.listeners = new Listeners(NetLimits.DEFAULT, tls, meters, random);
            this.implicitPort = listen(TlsMode.IMPLICIT, sessions, replies);
            this.startTlsPort = listen(TlsMode.STARTTLS, sessions, replies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        done(new Accounts(database, plans).add(new AccountName("Acme"), PLAN));
        done(new Domains(database, (tx, domain) -> {}).add(new AccountName("Acme"), new Domain("example.org")));
        this.ann = done(mailboxes.add(address("ann"), "")).id();
        this.bob = done(mailboxes.add(address("bob"), "")).id();
        done(mailboxes.addAlias(address("anna"), address("ann")));
        this.token = token("ann");
    }

    private int listen(TlsMode mode, SubmissionSessions sessions, Replies replies) throws IOException {
        var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return listeners
                .bind(new ListenerSettings("test", "smtp", any, mode, List.of()), sessions, replies::closing)
                .port();
    }

    private AccountsNode accounts() {
        var settings = new AccountsNode.Settings(
                LeaseSettings.of("test"),
                new PenaltySettings(Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1), 4),
                client -> false,
                EventSettings.DEFAULT);
        return AccountsNode.start(database, notifications, plans, settings, meters, random, InstantSource.system());
    }

    static Plan plan(boolean sending, int recipients, SendQuota... quotas) {
        return new Plan(
                PLAN,
                Map.of(Protocol.SMTP, ProtocolRights.of(new ConnectionCap(20, 20))),
                new Plan.Sending(sending, List.of(quotas), recipients, Optional.empty()),
                new StorageLimit(1L << 30),
                MAX_MESSAGE);
    }

    void change(Plan plan) {
        plans.replace(new Plans(Map.of(PLAN, plan)));
    }

    /** The mailboxes' sending locks, as an administrator has them. */
    SendingLocks sendingLocks() {
        return accounts.sendingLocks();
    }

    String token(String localPart) {
        return done(tokens.create(address(localPart), TokenRequest.named("t" + TOKENS.incrementAndGet())))
                .secret();
    }

    /** The base64 of SASL PLAIN. */
    static String plain(String user, String secret) {
        return base64("\0" + user + '\0' + secret);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    Transcript transcript(Supplier<TlsClient> connect) {
        return Transcript.with(connect)
                .let("token", token)
                .let("plain", plain("ann@example.org", token))
                .let("host", "mail.example.org");
    }

    TlsClient implicit() {
        return TlsClient.to(implicitPort).implicit();
    }

    TlsClient inClear() {
        return TlsClient.to(startTlsPort).plain();
    }

    /** A client on the implicit port that has said EHLO and AUTH. */
    Transcript loggedIn() {
        return transcript(this::implicit).plays("""
                S: 220 mail.example.org ESMTP ...
                C: EHLO client.example
                S: ...
                S: 250 ...
                C: AUTH PLAIN $plain
                S: 235 2.7.0 ...
                """);
    }

    List<String> inbox(MailboxId mailbox) {
        return messages(mailbox, FolderName.INBOX);
    }

    List<String> messages(MailboxId mailbox, FolderName name) {
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

    int messages() {
        return (int) count("SELECT count(*) FROM message");
    }

    long count(String sql, Object... params) {
        return database.once(tx -> tx.one(sql, row -> row.longValue(1), params));
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
        tls.close();
        runner.close();
        accounts.close();
        feed.close();
        notifications.close();
    }
}
