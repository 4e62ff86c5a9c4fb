package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.accounts.Access;
import org.postern.accounts.AccountName;
import org.postern.accounts.AccountPasswords;
import org.postern.accounts.Accounts;
import org.postern.accounts.AccountsNode;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.Directory;
import org.postern.accounts.Domains;
import org.postern.accounts.Entitlements;
import org.postern.accounts.Forwardings;
import org.postern.accounts.LoginAttempt;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.Plans;
import org.postern.accounts.TokenRequest;
import org.postern.accounts.Tokens;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.delivery.dkim.DkimKeys;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.delivery.dsn.ReportText;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.SpecialFolders;
import org.postern.mailstore.StoreInvariants;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
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
import org.postern.testkit.OnScratch;

/** One node's delivery on a scratch database, with one account, {@code example.org}, and short words for what tests do most. */
final class Post implements AutoCloseable {
    static final PlanName PLAN = new PlanName("test");
    private static final AtomicInteger SESSIONS = new AtomicInteger();

    final Database database;
    final Notifications notifications;
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final CurrentPlans plans = new CurrentPlans(new Plans(Map.of(PLAN, plan(1 << 30))));
    final SecureRandom random = new SecureRandom();
    final FolderFeed feed;
    final FolderTree tree;
    final FolderStore store;
    final Contents contents;
    final AccountsNode accounts;
    final DkimKeys dkim;
    final Mailboxes mailboxes;
    final Tokens tokens;
    final Recipients recipients;
    final SpoolSettings spools;
    final Reports reports;
    final Carriers carriers = new Carriers();
    final QueueRunner runner;
    final Submissions submissions;
    final Arrivals arrivals;

    Post(Database database, Path directory) {
        this(database, directory, DeliveryLimits.DEFAULT);
    }

    Post(Database database, Path directory, DeliveryLimits limits) {
        this.database = database;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        this.tree = new FolderTree(database, feed);
        this.store = new FolderStore(database, feed);
        this.contents = new Contents(database);
        this.accounts = AccountsNode.start(
                database,
                notifications,
                plans,
                AccountsNode.Settings.of("test"),
                meters,
                random,
                InstantSource.system());
        this.mailboxes = new Mailboxes(database, new AccountPasswords(random), tree::createStandard, _ -> {});
        this.tokens = new Tokens(database, accounts.secrets(), random);
        this.recipients = new Recipients(new Directory(database), mailboxes, PausedMailboxes.HOLD);
        this.spools = new SpoolSettings(directory, 100 << 20);
        var meter = new DeliveryMeter(meters);
        var terms = new MailboxTerms(database, new Entitlements(database, plans), new SpecialFolders(database, tree));
        var clock = InstantSource.system();
        this.dkim = new DkimKeys(database, accounts.secrets(), random, clock);
        var signer = new MessageSigner(dkim, clock);
        this.reports = new Reports(
                new ReportText(new Domain("mail.example.org"), HelpLine.NONE, random),
                new Directory(database),
                accounts.events(),
                limits.expiry(),
                clock);
        var forwarder = new Forwarder(
                database,
                new ForwardRoutes(new Directory(database), new Forwardings(database), recipients),
                signer,
                limits);
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
    }

    /** One for each test of a class, as {@link #found(Database, Path)} makes it; after each its invariants hold. */
    static OnScratch<Post> forEachTest() {
        return OnScratch.forEachTest((database, spools) -> found(database, spools))
                .checking(Post::check);
    }

    /** On an empty database, with leases that no busy machine lets run out: what had been written for one would be left to the sweep. */
    static Post found(Database database, Path spools) {
        return new Post(database, spools, limits(Duration.ofMinutes(1), 64)).found();
    }

    static Plan plan(long storage, SendQuota... quotas) {
        var smtp = ProtocolRights.of(new ConnectionCap(1000, 1000));
        var sending = Plan.Sending.within(1000, quotas);
        return new Plan(PLAN, Map.of(Protocol.SMTP, smtp), sending, new StorageLimit(storage), 50 << 20);
    }

    /** Makes the account and its domain; once for each database. */
    Post found() {
        done(new Accounts(database, plans).add(new AccountName("Acme"), PLAN));
        done(new Domains(database, () -> (tx, domain) -> {}).add(new AccountName("Acme"), new Domain("example.org")));
        return this;
    }

    void change(Plan plan) {
        plans.replace(new Plans(Map.of(PLAN, plan)));
    }

    MailboxId mailbox(String localPart) {
        MailboxInfo made = done(mailboxes.add(address(localPart), ""));
        return made.id();
    }

    /** Logs in with a fresh token. */
    Access access(String localPart) {
        return access(address(localPart));
    }

    Access access(Address address) {
        var token = done(tokens.create(address, TokenRequest.named("t" + SESSIONS.incrementAndGet())));
        var attempt = new LoginAttempt(
                address.toString(),
                token.secret(),
                Protocol.SMTP,
                new ClientAddress(InetAddress.ofLiteral("192.0.2.1")),
                "s" + SESSIONS.incrementAndGet());
        return switch (accounts.logins().logIn(attempt)) {
            case LoginOutcome.LoggedIn(var access) -> access;
            case LoginOutcome.Refused refused -> throw new AssertionError("refused: " + refused);
        };
    }

    SubmitOutcome submit(Access access, String message, String... to) {
        return submit(access, Spool.of(message.getBytes(UTF_8)), to);
    }

    SubmitOutcome submit(Access access, Spool bytes, String... to) {
        return submitWithBcc(access, bytes, "", to);
    }

    /** @param blindCopies the Bcc fields */
    SubmitOutcome submitWithBcc(Access access, Spool bytes, String blindCopies, String... to) {
        var named = new ArrayList<Recipient>();
        for (var address : to) {
            var full = address.contains("@") ? Address.parse(address).orElseThrow() : address(address);
            switch (recipients.find(full)) {
                case RecipientOutcome.Taken(var recipient) -> named.add(recipient);
                case RecipientOutcome.Refused(var refusal) -> throw new AssertionError(refusal);
            }
        }
        try {
            return submissions.submit(
                    access,
                    new Submission(
                            Optional.of(access.address()),
                            named,
                            bytes,
                            MessageParser.parse(bytes),
                            blindCopies,
                            MailOptions.NONE,
                            "trace." + SESSIONS.incrementAndGet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As another server brings it. */
    List<ArrivalFate> arrive(String returnPath, String message, String... to) {
        return arrive(returnPath, message, false, to);
    }

    List<ArrivalFate> arrive(String returnPath, String message, boolean junk, String... to) {
        var bytes = Spool.of(message.getBytes(UTF_8));
        var named = Arrays.stream(to)
                .map(local -> ((RecipientOutcome.Taken) recipients.find(address(local))).recipient())
                .toList();
        try {
            var letter = new Letter(bytes, MessageParser.parse(bytes));
            return arrivals.deliver(
                    new Arrival(Address.parse(returnPath), named, letter, MailOptions.NONE, junk, "trace.in"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every message of the INBOX as stored, oldest first. */
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
                assertThat(contents.stream(mailbox, snapshot.content(i), 0, snapshot.size(i), out))
                        .isTrue();
                messages.add(out.toString(UTF_8));
            }
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int messages(MailboxId mailbox) {
        return (int) count("SELECT count(*) FROM message WHERE mailbox_id = ?", mailbox.value());
    }

    long count(String sql, Object... params) {
        return database.once(tx -> tx.one(sql, row -> row.longValue(1), params));
    }

    /** What must hold whenever nothing runs. */
    void check() {
        assertThat(StoreInvariants.violations(database)).isEmpty();
        assertThat(count("SELECT count(*) FROM queue q WHERE NOT EXISTS"
                        + " (SELECT FROM queue_recipient r WHERE r.queue_id = q.queue_id)"))
                .as("queue rows without a recipient")
                .isZero();
        assertThat(count("SELECT count(*) FROM queue q FULL JOIN queue_content c USING (queue_id)"
                        + " WHERE q.trace_id IS NULL OR c.content IS NULL"))
                .as("queue rows without content, or the other way round")
                .isZero();
    }

    static Address address(String localPart) {
        return Address.parse(localPart + "@example.org").orElseThrow();
    }

    static <T> T done(Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<T>) outcome).value();
    }

    static DeliveryLimits limits(Duration lease, int claim) {
        var usual = DeliveryLimits.DEFAULT;
        return new DeliveryLimits(
                usual.immediateRecipients(),
                usual.immediateBytes(),
                usual.immediateLarge(),
                usual.expiry(),
                usual.delayNotice(),
                claim,
                lease,
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(100)),
                new Backoff(Duration.ofMillis(50), Duration.ofMillis(200)),
                usual.failed(),
                Duration.ofMillis(200),
                usual.workers(),
                usual.contentGrace());
    }

    @Override
    public void close() {
        runner.close();
        accounts.close();
        feed.close();
        notifications.close();
    }
}
