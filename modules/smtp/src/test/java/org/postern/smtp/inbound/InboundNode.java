package org.postern.smtp.inbound;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.database.Database;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.QueueRunner;
import org.postern.delivery.inbound.Inspection;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.StorageLimit;
import org.postern.net.KnownPeers;
import org.postern.net.SessionFactory;
import org.postern.net.TlsMode;
import org.postern.smtp.Replies;
import org.postern.smtp.SmtpNode;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/** Listeners for other servers; {@code bob} also has the mail of catch.example. */
final class InboundNode implements AutoCloseable {
    static final int STORAGE = 200_000;
    private static final Domain HOST = new Domain("mx.example.org");
    private static final Certificates CERTIFICATE = Certificates.selfSigned(HOST.name());

    final Database database;
    final Mailboxes mailboxes;
    final QueueRunner runner;
    final MailboxId ann;
    final MailboxId bob;
    final SimpleMeterRegistry meters;

    private final SmtpNode node;

    InboundNode(Database database, Path directory) {
        var plan = new Plan(new PlanName("test"), Map.of(), Plan.Sending.none(), new StorageLimit(STORAGE), 1 << 20);
        this.node = new SmtpNode(database, directory, CERTIFICATE, HOST, plan, PausedMailboxes.REFUSE);
        this.database = database;
        this.mailboxes = node.mailboxes;
        this.runner = node.runner;
        this.ann = node.ann;
        this.bob = node.bob;
        this.meters = node.meters;
        node.domain("catch.example", Optional.of(address("bob")));
    }

    /** Opens a port for the sessions. */
    int listen(String bind, SessionFactory sessions) {
        return listen(bind, TlsMode.STARTTLS, Optional.empty(), sessions);
    }

    /** @param peers who alone may connect */
    int listen(String bind, TlsMode tls, Optional<KnownPeers> peers, SessionFactory sessions) {
        return node.listen(bind, tls, peers, sessions, new Replies(HelpLine.NONE));
    }

    /** Sessions with whoever brings mail. */
    SessionFactory mx(InboundSettings settings, Inspection inspection) {
        return InboundSessions.mx(settings, node.recipients, node.arrivals, inspection, meters, node.clock);
    }

    /** Sessions with our own edge. */
    SessionFactory lmtp(InboundSettings settings, Inspection inspection) {
        return InboundSessions.lmtp(settings, node.recipients, node.arrivals, inspection, meters, node.clock);
    }

    InboundSettings settings(InboundLimits limits, FullMailboxes full) {
        return new InboundSettings(HOST, HelpLine.NONE, full, node.spools, limits);
    }

    static Transcript talk(int port) {
        return Transcript.with(() -> TlsClient.to(port).plain());
    }

    /** A client that has said who it is. @param greeting EHLO or LHLO */
    static Transcript greeted(int port, String greeting) {
        return talk(port).let("greeting", greeting).plays("""
                S: 220 mx.example.org ...
                C: $greeting mail.far.example
                S: ...
                S: 250 STARTTLS
                """);
    }

    List<String> inbox(MailboxId mailbox) {
        return folder(mailbox, FolderName.INBOX);
    }

    List<String> folder(MailboxId mailbox, FolderName name) {
        return node.messages(mailbox, name);
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
