package org.postern.smtp.submission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.Senders;
import org.postern.accounts.SendingLocks;
import org.postern.accounts.TokenRequest;
import org.postern.accounts.Tokens;
import org.postern.database.Database;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.QueueRunner;
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
import org.postern.net.Listeners;
import org.postern.net.TlsMode;
import org.postern.smtp.Replies;
import org.postern.smtp.SmtpNode;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/** Listeners for mail apps; {@code ann} has a token. */
final class SubmissionNode implements AutoCloseable {
    static final PlanName PLAN = new PlanName("test");
    static final int MAX_MESSAGE = 50 << 20;
    static final Duration LONGEST_HOLD = Duration.ofDays(31);
    private static final Domain HOST = new Domain("mail.example.org");
    private static final Certificates CERTIFICATE = Certificates.selfSigned(HOST.name());
    private static final AtomicInteger TOKENS = new AtomicInteger();

    final Database database;
    final Listeners listeners;
    final int implicitPort;
    final int startTlsPort;
    final MailboxId ann;
    final MailboxId bob;
    final String token;
    final Mailboxes mailboxes;
    final Tokens tokens;
    final QueueRunner runner;

    private final SmtpNode node;

    SubmissionNode(Database database, Path directory) {
        this(database, directory, SubmissionLimits.DEFAULT, false);
    }

    SubmissionNode(Database database, Path directory, SubmissionLimits limits, boolean showClientAddress) {
        this.node = new SmtpNode(database, directory, CERTIFICATE, HOST, plan(true, 50), PausedMailboxes.HOLD);
        this.database = database;
        this.listeners = node.listeners;
        this.ann = node.ann;
        this.bob = node.bob;
        this.mailboxes = node.mailboxes;
        this.tokens = new Tokens(database, node.accounts.secrets(), node.random);
        this.runner = node.runner;
        var help = new HelpLine("See https://help.example.");
        var sessions = new SubmissionSessions(
                new SubmissionSettings(HOST, help, showClientAddress, LONGEST_HOLD, node.spools, limits),
                node.accounts.sasl(),
                new Senders(database),
                node.recipients,
                node.submissions,
                node.accounts.abuseWatch(),
                node.accounts.events(),
                node.meters,
                node.clock,
                node.random);
        this.implicitPort = listen(TlsMode.IMPLICIT, sessions, new Replies(help));
        this.startTlsPort = listen(TlsMode.STARTTLS, sessions, new Replies(help));
        this.token = token("ann");
    }

    private int listen(TlsMode mode, SubmissionSessions sessions, Replies replies) {
        return node.listen("127.0.0.1", mode, Optional.empty(), sessions, replies);
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
        node.change(plan);
    }

    /** The mailboxes' sending locks, as an administrator has them. */
    SendingLocks sendingLocks() {
        return node.accounts.sendingLocks();
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
        return node.messages(mailbox, name);
    }

    int messages() {
        return (int) count("SELECT count(*) FROM message");
    }

    long count(String sql, Object... params) {
        return database.once(tx -> tx.one(sql, row -> row.longValue(1), params));
    }

    static Address address(String localPart) {
        return SmtpNode.address(localPart);
    }

    static <T> T done(Outcome<T> outcome) {
        return SmtpNode.done(outcome);
    }

    @Override
    public void close() {
        node.close();
    }
}
