package org.postern.delivery;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import org.postern.accounts.Directory;
import org.postern.accounts.Resolution;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.Tx;
import org.postern.delivery.Queue.OwnMail;
import org.postern.delivery.dsn.Action;
import org.postern.delivery.dsn.Notify;
import org.postern.delivery.dsn.Original;
import org.postern.delivery.dsn.RecipientReport;
import org.postern.delivery.dsn.ReportText;
import org.postern.delivery.dsn.ReportedMail;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells senders what became of their messages, as they asked to be told (RFC 3461 §5.2). A report is queued by the transaction that
 * settles its recipients: it is sent exactly once, whenever a process dies. Nothing is ever reported to the null return path: what
 * fails on the way there, a report above all, ends in a log line and an event.
 */
public final class Reports {
    /** The stable name of a recipient that failed for good; with {@code host} in its detail when another host said so. */
    public static final String BOUNCED = "bounced";

    /** The stable name of a failure that nobody could be told of. */
    public static final String DOUBLE_BOUNCE = "double-bounce";

    /** A longer message is not returned whole, whatever RET says (RFC 3461 §5.3). */
    public static final int MAX_RETURNED_BYTES = 64 * 1024;

    /** As much of a header as is returned. */
    public static final int MAX_RETURNED_HEADER_BYTES = 32 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);

    private final ReportText text;
    private final Directory directory;
    private final Events events;
    private final Duration expiry;
    private final InstantSource clock;
    private final Queue queue = new Queue();

    /**
     * What has become of one recipient of a message.
     *
     * @param recipient its number
     * @param host whose reply it is; empty: our own decision
     * @param reply the SMTP reply, code first
     */
    public record Fate(int recipient, Action action, String status, Optional<String> host, Optional<String> reply) {}

    /** @param expiry how long a report is tried for */
    public Reports(ReportText text, Directory directory, Events events, Duration expiry, InstantSource clock) {
        this.text = text;
        this.directory = directory;
        this.events = events;
        this.expiry = expiry;
        this.clock = clock;
    }

    /** Queues what the sender is to hear. The caller's transaction then removes the recipients that are done with. */
    public void report(Tx tx, long queueId, List<Fate> fates) throws SQLException {
        var mail = fates.isEmpty() ? Optional.<QueuedMail>empty() : queue.mail(tx, queueId);
        if (mail.isEmpty()) {
            return;
        }
        var numbers = fates.stream().mapToInt(Fate::recipient).toArray();
        var wanted = new EnumMap<Action, List<RecipientReport>>(Action.class);
        for (var recipient : queue.recipients(tx, queueId, numbers)) {
            var fate = fates.get(indexOf(numbers, recipient.number()));
            if (fate.action() == Action.FAILED) {
                bounced(tx, mail.get(), recipient, fate);
            }
            if (Notify.of(recipient.parameters()).wants(fate.action())) {
                wanted.computeIfAbsent(fate.action(), action -> new ArrayList<>())
                        .add(new RecipientReport(
                                recipient.address(),
                                Optional.ofNullable(recipient.parameters().get("ORCPT")),
                                fate.action(),
                                fate.status(),
                                fate.host(),
                                fate.reply()));
            }
        }
        for (var each : wanted.entrySet()) {
            tell(tx, mail.get(), each.getKey(), each.getValue());
        }
    }

    private static int indexOf(int[] numbers, int number) {
        int at = 0;
        while (numbers[at] != number) {
            at++;
        }
        return at;
    }

    /** The one place where it is recorded that a recipient of a mailbox's message has failed for good. */
    private void bounced(Tx tx, QueuedMail mail, QueuedRecipient recipient, Fate fate) throws SQLException {
        if (mail.sender().isEmpty()) {
            return;
        }
        var sender = mail.sender().get();
        var event = Event.of(BOUNCED, clock.instant())
                .of(sender.account(), sender.mailbox())
                .token(sender.token())
                .with("recipient", recipient.address())
                .with("message", mail.traceId())
                .with("status", fate.status());
        if (fate.reply().isPresent()) {
            event = event.with("reply", fate.reply().get());
        }
        if (fate.host().isPresent()) {
            event = event.with("host", fate.host().get());
        }
        events.write(tx, event);
    }

    private void tell(Tx tx, QueuedMail mail, Action action, List<RecipientReport> recipients) throws SQLException {
        if (mail.returnPath().isEmpty()) {
            if (action == Action.FAILED) {
                dropped(tx, mail, recipients, "the return path is null");
            }
            return;
        }
        var to = mail.returnPath().get();
        switch (directory.resolve(tx, to)) {
            case Resolution.Local local -> queue(tx, mail, action, recipients, to, Optional.of(local.mailbox()));
            case Resolution.Leads group -> queue(tx, mail, action, recipients, to, Optional.of(group.owner()));
            case Resolution.Elsewhere elsewhere -> queue(tx, mail, action, recipients, to, Optional.empty());
            case Resolution.NoSuchAddress nobody ->
                dropped(tx, mail, recipients, "nobody has the return path " + to + " any more");
        }
    }

    private void queue(
            Tx tx,
            QueuedMail mail,
            Action action,
            List<RecipientReport> recipients,
            Address to,
            Optional<MailboxId> mailbox)
            throws SQLException {
        long id = queue.newId(tx);
        var reported = new ReportedMail(
                mail.traceId(),
                to,
                Optional.ofNullable(mail.parameters().get("ENVID")),
                mail.smtpUtf8(),
                mail.acceptedAt(),
                mail.expiresAt());
        var bytes = text.write("dsn." + id, reported, recipients, original(tx, mail, action), clock.instant());
        boolean eightBit = new Original(bytes, true).isEightBit();
        var own =
                new OwnMail("dsn." + id, bytes, eightBit ? BodyType.EIGHT_BIT_MIME : BodyType.SEVEN_BIT, !to.isAscii());
        queue.addOwn(tx, id, own, to, mailbox, expiry);
        LOG.atInfo()
                .addKeyValue("case", "reported")
                .addKeyValue("message", mail.traceId())
                .addKeyValue("report", own.traceId())
                .addKeyValue("action", action)
                .addKeyValue("recipients", recipients.size())
                .log("{} is told of {} recipients of {}", to, recipients.size(), mail.traceId());
    }

    /** A failed message comes back whole where it is small, unless only its header was asked for (RFC 3461 §4.3). */
    private Original original(Tx tx, QueuedMail mail, Action action) throws SQLException {
        boolean whole = action == Action.FAILED
                && mail.size() <= MAX_RETURNED_BYTES
                && !"HDRS".equalsIgnoreCase(mail.parameters().getOrDefault("RET", "FULL"));
        int length = whole ? (int) mail.size() : MAX_RETURNED_HEADER_BYTES;
        var bytes = queue.slice(tx, mail.id(), 0, length).orElse(new byte[0]);
        return whole ? Original.whole(bytes) : Original.header(bytes);
    }

    private void dropped(Tx tx, QueuedMail mail, List<RecipientReport> recipients, String why) throws SQLException {
        for (var each : recipients) {
            events.write(
                    tx,
                    Event.of(DOUBLE_BOUNCE, clock.instant())
                            .address(each.address().toString())
                            .with("message", mail.traceId())
                            .with("status", each.status())
                            .with("reply", each.reply().orElse(""))
                            .with("why", why));
            LOG.atWarn()
                    .addKeyValue("case", DOUBLE_BOUNCE)
                    .addKeyValue("message", mail.traceId())
                    .addKeyValue("to", each.address())
                    .addKeyValue("reply", each.reply().orElse(""))
                    .log("{} failed and nobody is told: {}", mail.traceId(), why);
        }
    }
}
