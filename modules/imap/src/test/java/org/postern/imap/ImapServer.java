package org.postern.imap;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Tokens;
import org.postern.database.Database;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.SentCopies;
import org.postern.mailstore.Subscriptions;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.search.IndexSettings;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.search.SearchIndexer;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.net.Listeners;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/**
 * IMAP on a {@link ProtocolServer} for one test class; each test makes a mailbox of its own.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final ImapServer IMAP = new ImapServer();
 * }</pre>
 */
public final class ImapServer implements BeforeAllCallback, AfterAllCallback {
    public static final Instant NOW = TestNode.NOW;
    public static final long MAX_MESSAGE = TestNode.MAX_MESSAGE;

    /** Nothing goes to a file. */
    private static final SpoolSettings IN_MEMORY =
            new SpoolSettings(Path.of(System.getProperty("java.io.tmpdir")), Integer.MAX_VALUE);

    private final ProtocolServer server;

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
        this.server = new ProtocolServer(
                "imap", node -> sessions(node, limits, clock), refusal -> ImapRefusals.closing(refusal, TestNode.HELP));
    }

    private static ImapSessions sessions(TestNode node, ImapLimits limits, InstantSource clock) {
        var database = node.database();
        return new ImapSessions(
                new Backend(
                        node.accounts().logins(),
                        node.accounts().sasl(),
                        node.folders(),
                        new VisibleFolders(database, node.folders()),
                        new FolderAcls(database, node.feed()),
                        new Entitlements(database, node.plans()),
                        new Subscriptions(database, node.feed()),
                        node.messages(),
                        new SentCopies(database),
                        node.contents(),
                        new SearchIndex(database),
                        node.feed(),
                        new Metadata(database, node.feed()),
                        IN_MEMORY,
                        TestNode.HELP,
                        node.meters(),
                        clock),
                limits);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        server.beforeAll(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.afterAll(context);
    }

    public int port() {
        return server.port();
    }

    public int clearPort() {
        return server.clearPort();
    }

    public Listeners listeners() {
        return server.listeners();
    }

    public FolderFeed feed() {
        return server.node().feed();
    }

    public FolderStore messages() {
        return server.node().messages();
    }

    public Mailboxes mailboxes() {
        return server.node().mailboxes();
    }

    public Tokens tokens() {
        return server.node().tokens();
    }

    public SimpleMeterRegistry meters() {
        return server.node().meters();
    }

    public Database database() {
        return server.node().database();
    }

    /** Indexes what has arrived so far; nobody does so in the background. */
    public void index() {
        try {
            new SearchIndexer(database(), new Contents(database()), IndexSettings.DEFAULT).work();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As if everything had happened longer ago than the change log reaches back. */
    public void forgetChanges(Person person) {
        database().transact(tx -> {
            long mailbox = person.mailbox().value();
            tx.update("DELETE FROM folder_change WHERE mailbox_id = ?", mailbox);
            return tx.update("""
                    UPDATE folder SET log_floor = highest_modseq, expunge_floor = highest_modseq
                     WHERE mailbox_id = ?""", mailbox);
        });
    }

    /** A new mailbox with its standard folders and a token. */
    public Person person() {
        return new Person(server.person());
    }

    /**
     * A logged-in client of each of them, in the order in which a script first names its clients; their addresses are
     * {@code $owner}, {@code $friend} and {@code $third}.
     */
    public static Transcript between(Person... people) {
        var next = List.of(people).iterator();
        var transcript = Transcript.with(() -> next.next().loggedIn());
        var names = List.of("owner", "friend", "third");
        for (int i = 0; i < people.length; i++) {
            transcript.let(names.get(i), people[i].address().toString());
        }
        return transcript;
    }

    /** Somebody with mail, and with clients in IMAP's states. */
    public final class Person {
        private final org.postern.testbed.Person person;

        private Person(org.postern.testbed.Person person) {
            this.person = person;
        }

        public MailboxId mailbox() {
            return person.mailbox();
        }

        public Address address() {
            return person.address();
        }

        public String secret() {
            return person.secret();
        }

        /** Stores {@code count} small messages in INBOX, dated a minute apart from {@link #NOW} on. */
        public Person withMessages(int count) {
            person.withMessages(count);
            return this;
        }

        public Person append(String folder, String message) {
            person.append(folder, message);
            return this;
        }

        public Person append(String folder, String message, Instant date) {
            person.append(folder, message, date);
            return this;
        }

        /** Stores {@code count} tiny messages in INBOX in one change. */
        public Person withMany(int count) {
            try (var bytes = Spool.of("Subject: tiny\r\n\r\n".getBytes(StandardCharsets.UTF_8))) {
                var message = new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, NOW);
                var outcome = server.node()
                        .messages()
                        .append(mailbox(), FolderName.INBOX, Collections.nCopies(count, message), StorageLimit.NONE);
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
            return person.clients();
        }

        /** Clients on the port that begins in clear. */
        public Transcript inClear() {
            return person.inClear();
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
            client.sendLine("l LOGIN " + address() + ' ' + secret());
            var reply = client.readLine();
            if (!reply.startsWith("l OK")) {
                throw new AssertionError(reply);
            }
            return client;
        }

        private Transcript lettingNames(Transcript transcript) {
            return transcript.let("user", address().toString()).let("secret", secret());
        }
    }
}
