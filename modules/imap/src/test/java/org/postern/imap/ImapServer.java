package org.postern.imap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.accounts.AccountName;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Domains;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.Plans;
import org.postern.accounts.TokenRequest;
import org.postern.accounts.Tokens;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.search.IndexSettings;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.search.SearchIndexer;
import org.postern.mime.MessageParser;
import org.postern.mime.Spool;
import org.postern.mime.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.ConnectionCap;
import org.postern.model.Domain;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.StorageLimit;
import org.postern.net.Listener;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SettableClock;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/**
 * The real thing for one test class: PostgreSQL, store, accounts, TLS listeners; each test makes a mailbox of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ImapServer IMAP = new ImapServer();
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // rooms: opened with the class.
public final class ImapServer implements BeforeAllCallback, AfterAllCallback {
    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    public static final long MAX_MESSAGE = 1 << 20;
    public static final long STORAGE = 3 << 20;
    public static final int MESSAGES = 5_000;
    static final HelpLine HELP = new HelpLine("Help: https://example.org/help");

    private static final PlanName PLAN = new PlanName("test");

    private final ImapLimits limits;
    private final InstantSource clock;
    private final ScratchDatabase scratch = new ScratchDatabase();
    private final AtomicInteger mailboxes = new AtomicInteger();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Rooms rooms;

    /** What is opened with the class and closed behind it. */
    private record Rooms(
            Notifications notifications,
            FolderFeed feed,
            FolderTree folders,
            FolderStore messages,
            AccountsNode node,
            Mailboxes mailboxes,
            Tokens tokens,
            TlsContexts tls,
            Listeners listeners,
            Listener implicit,
            Listener startTls) {}

    public ImapServer() {
        this(ImapLimits.STANDARD);
    }

    /** @param clock of the sessions */
    public ImapServer(InstantSource clock) {
        this(ImapLimits.STANDARD, clock);
    }

    public ImapServer(ImapLimits limits) {
        this(limits, InstantSource.fixed(NOW));
    }

    private ImapServer(ImapLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        scratch.beforeAll(context);
        rooms = open(scratch.database());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        rooms.listeners().close();
        rooms.tls().close();
        rooms.node().close();
        rooms.feed().close();
        rooms.notifications().close();
        scratch.afterAll(context);
    }

    private Rooms open(Database database) throws IOException {
        var random = new SecureRandom();
        var rights = new EnumMap<Protocol, ProtocolRights>(Protocol.class);
        for (var protocol : Protocol.values()) {
            rights.put(protocol, ProtocolRights.of(new ConnectionCap(20, 20)));
        }
        var plan = new Plan(
                PLAN,
                rights,
                Plan.Sending.within(100),
                new StorageLimit(STORAGE, OptionalInt.of(MESSAGES)),
                MAX_MESSAGE);
        var plans = new CurrentPlans(new Plans(Map.of(PLAN, plan)));
        var notifications = database.listen();
        var feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        var folders = new FolderTree(database, feed);
        var messages = new FolderStore(database, feed);
        var node = AccountsNode.start(
                database,
                notifications,
                plans,
                AccountsNode.Settings.of("test"),
                meters,
                random,
                SettableClock.at(NOW));
        done(new Accounts(database, plans).add(new AccountName("Acme"), PLAN));
        done(new Domains(database).add(new AccountName("Acme"), new Domain("example.org")));
        var people = new Mailboxes(database, new AccountPasswords(random), folders::createStandard);
        var tokens = new Tokens(database, ClusterSecrets.load(database, random), random);
        var certificate = Certificates.selfSigned("localhost");
        var tls = TlsContexts.open(
                new TlsSettings(
                        TlsSettings.Provider.OPENSSL,
                        List.of(new TlsSettings.CertificateFiles(certificate.certificateFile(), certificate.keyFile())),
                        TlsSettings.RECHECK),
                SettableClock.at(NOW),
                random);
        var listeners = new Listeners(
                NetLimits.DEFAULT, tls, (protocol, refusal) -> ImapRefusals.bye(refusal, HELP), meters, random);
        var sessions = new ImapSessions(
                new Backend(
                        node.logins(),
                        node.sasl(),
                        folders,
                        new Subscriptions(database, feed),
                        messages,
                        new Contents(database),
                        new SearchIndex(database),
                        feed,
                        new Metadata(database, feed),
                        new SpoolSettings(spoolDirectory(), Integer.MAX_VALUE),
                        HELP,
                        meters,
                        clock),
                limits);
        return new Rooms(
                notifications,
                feed,
                folders,
                messages,
                node,
                people,
                tokens,
                tls,
                listeners,
                listeners.bind(listener(TlsMode.IMPLICIT), sessions),
                listeners.bind(listener(TlsMode.STARTTLS), sessions));
    }

    private static Path spoolDirectory() throws IOException {
        return Files.createTempDirectory("imap-spool");
    }

    private static ListenerSettings listener(TlsMode mode) {
        return new ListenerSettings(
                "imap-" + mode,
                Protocol.IMAP,
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0),
                mode,
                List.of());
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.text());
        };
    }

    public int port() {
        return rooms.implicit().port();
    }

    public int clearPort() {
        return rooms.startTls().port();
    }

    public FolderStore messages() {
        return rooms.messages();
    }

    public FolderTree folders() {
        return rooms.folders();
    }

    public Listeners listeners() {
        return rooms.listeners();
    }

    public Tokens tokens() {
        return rooms.tokens();
    }

    public Mailboxes people() {
        return rooms.mailboxes();
    }

    public SimpleMeterRegistry meters() {
        return meters;
    }

    /** Indexes what has arrived so far; nobody does so in the background. */
    public void index() {
        try {
            new SearchIndexer(scratch.database(), new Contents(scratch.database()), IndexSettings.DEFAULT).work();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ScratchDatabase scratch() {
        return scratch;
    }

    /** As if everything had happened longer ago than the change log reaches back. */
    public void forgetChanges(Person person) {
        scratch.database().transact(tx -> {
            long mailbox = person.mailbox().value();
            tx.update("DELETE FROM folder_change WHERE mailbox_id = ?", mailbox);
            return tx.update("""
                    UPDATE folder SET log_floor = highest_modseq, expunge_floor = highest_modseq
                     WHERE mailbox_id = ?""", mailbox);
        });
    }

    /** A new mailbox with its standard folders and a token. */
    public Person person() {
        var address = Address.parse("p" + mailboxes.incrementAndGet() + "@example.org")
                .orElseThrow();
        var id = done(rooms.mailboxes().add(address, "")).id();
        var token = done(rooms.tokens().create(address, TokenRequest.named("Phone")));
        return new Person(id, address, token.secret());
    }

    /** Somebody with mail. */
    public final class Person {
        private final MailboxId mailbox;
        private final Address address;
        private final String secret;

        private Person(MailboxId mailbox, Address address, String secret) {
            this.mailbox = mailbox;
            this.address = address;
            this.secret = secret;
        }

        public MailboxId mailbox() {
            return mailbox;
        }

        public Address address() {
            return address;
        }

        public String secret() {
            return secret;
        }

        /** Stores {@code count} small messages in INBOX, dated a minute apart from {@link #NOW} on. */
        public Person withMessages(int count) {
            for (int i = 1; i <= count; i++) {
                append("INBOX", "Subject: message " + i + "\r\n\r\nbody " + i + "\r\n", NOW.plusSeconds(60L * i));
            }
            return this;
        }

        /** Stores {@code count} tiny messages in INBOX in one change. */
        public Person withMany(int count) {
            try {
                var bytes = Spool.of("Subject: tiny\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                var message = new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, NOW);
                var outcome = rooms.messages()
                        .append(mailbox, FolderName.INBOX, Collections.nCopies(count, message), StorageLimit.NONE);
                if (!(outcome instanceof Appended)) {
                    throw new AssertionError(outcome);
                }
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        public Person append(String folder, String message) {
            return append(folder, message, NOW);
        }

        public Person append(String folder, String message, Instant date) {
            try {
                var bytes = Spool.of(message.getBytes(StandardCharsets.UTF_8));
                var outcome = rooms.messages()
                        .append(
                                mailbox,
                                new FolderName(folder),
                                List.of(new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, date)),
                                StorageLimit.NONE);
                if (!(outcome instanceof Appended)) {
                    throw new AssertionError(outcome);
                }
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Clients that have said nothing yet: the greeting is still to come. */
        public Transcript strangers() {
            return lettingNames(Transcript.with(() -> TlsClient.to(port()).implicit()));
        }

        /** Clients on the port that begins in clear. */
        public Transcript inClear() {
            return lettingNames(Transcript.with(() -> TlsClient.to(clearPort()).plain()));
        }

        /** Clients that are logged in when the transcript begins. */
        public Transcript clients() {
            return lettingNames(Transcript.with(this::loggedIn));
        }

        /** Clients that have INBOX selected, whatever was said to that. */
        public Transcript inInbox() {
            return lettingNames(Transcript.with(() -> {
                var client = loggedIn();
                client.sendLine("s SELECT INBOX");
                client.readUntil("s OK");
                return client;
            }));
        }

        public TlsClient loggedIn() {
            var client = TlsClient.to(port()).implicit();
            client.readLine();
            client.sendLine("l LOGIN " + address + ' ' + secret);
            var reply = client.readLine();
            if (!reply.startsWith("l OK")) {
                throw new AssertionError(reply);
            }
            return client;
        }

        private Transcript lettingNames(Transcript transcript) {
            return transcript.let("user", address.toString()).let("secret", secret);
        }
    }
}
