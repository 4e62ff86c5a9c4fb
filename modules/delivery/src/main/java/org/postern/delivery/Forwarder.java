package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.accounts.Forwardings;
import org.postern.accounts.Forwardings.Whose;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.delivery.Queue.Claimed;
import org.postern.delivery.Queue.Waiting;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.mime.Headers;
import org.postern.mime.MessageBytes;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what mailboxes forward (RFC 5321 §3.9.1), as a message of its own: untouched but for a Delivered-To in front, so that its
 * signatures hold.
 *
 * <p>It goes out in the mailbox's own name, {@code ann+forwarded@}, for that is whom SPF can vouch for here, and who can mend a forward that
 * fails: its bounces are delivered to the mailbox, and never forwarded. The null return path stays null (§4.5.5).
 *
 * <p>A mailbox that a message has passed before, as its Delivered-To tells, does not forward it again but keeps it, and so does one
 * that is {@value #MAX_PASSED} mailboxes down the way (§6.3): forwards that point at each other end, and lose nothing.
 */
public final class Forwarder {
    /** As many Delivered-To fields a message may have and be forwarded. */
    static final int MAX_PASSED = 20;

    /** What stands behind the {@code +} of the return path. */
    static final String DETAIL = "forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final String DELIVERED_TO = "Delivered-To";

    private final Database database;
    private final Forwardings forwardings;
    private final Recipients recipients;
    private final MessageSigner signer;
    private final DeliveryLimits limits;
    private final Queue queue = new Queue();

    public Forwarder(
            Database database,
            Forwardings forwardings,
            Recipients recipients,
            MessageSigner signer,
            DeliveryLimits limits) {
        this.database = database;
        this.forwardings = forwardings;
        this.recipients = recipients;
        this.signer = signer;
        this.limits = limits;
    }

    /**
     * A message about to be forwarded.
     *
     * @param contentId what it will be in the queue; its content is there already
     * @param front the signatures that another host gets before the content
     * @param keepsCopy whether the mailbox also gets it
     */
    record Forward(
            long contentId,
            QueuedMail original,
            Optional<Address> returnPath,
            String front,
            long size,
            List<Recipient> to,
            boolean keepsCopy) {}

    /** Those of one mailbox's claimed messages that it forwards, their contents written ahead. Not inside a transaction. */
    Map<Queue.Key, Forward> prepare(List<Claimed> rows, QueuedMessages messages) throws IOException {
        var forwards = new LinkedHashMap<Queue.Key, Forward>();
        var whose = forwardings.of(rows.getFirst().mailbox());
        var to = whose.map(who -> targets(who, rows.getFirst().mailbox())).orElse(List.of());
        if (to.isEmpty()) {
            return forwards; // What nobody takes is kept.
        }
        for (var row : rows) {
            if (row.place() != Place.INBOX || row.forwarded() || isBounce(row)) {
                continue;
            }
            var message = messages.fetch(row.queueId(), row.size());
            var letter = new Letter(message.bytes(), message.parsed());
            if (mayPass(row, whose.get().own(), letter)) {
                prepare(row, whose.get(), to, letter).ifPresent(forward -> forwards.put(row.key(), forward));
            }
        }
        return forwards;
    }

    /** One for each mailbox that is not the forwarding one itself, then those of other hosts. */
    private List<Recipient> targets(Whose whose, MailboxId own) {
        var targets = new ArrayList<Recipient>();
        for (var address : whose.forwarding().to()) {
            switch (recipients.find(address)) {
                case RecipientOutcome.Taken(var target) -> targets.add(target);
                case RecipientOutcome.Refused(var refusal) ->
                    LOG.atWarn()
                            .addKeyValue("case", "forward-refused")
                            .addKeyValue("mailbox", whose.own())
                            .addKeyValue("to", address)
                            .addKeyValue("reason", refusal.caseName())
                            .log("{} forwards to {}, who takes no mail", whose.own(), address);
            }
        }
        return Recipient.distinct(targets).stream()
                .filter(target -> !target.mailbox().equals(Optional.of(own)))
                .toList();
    }

    /** Of a forward that failed. */
    private static boolean isBounce(Claimed row) {
        return row.address().foldedLocalPart().endsWith('+' + DETAIL);
    }

    private static boolean mayPass(Claimed row, Address own, Letter letter) throws IOException {
        var passed = Headers.of(header(letter)).values(DELIVERED_TO);
        boolean again = passed.stream().anyMatch(value -> value.strip().equalsIgnoreCase(own.toString()));
        if (again || passed.size() >= MAX_PASSED) {
            LOG.atWarn()
                    .addKeyValue("case", "forward-loop")
                    .addKeyValue("message", row.traceId())
                    .addKeyValue("mailbox", own)
                    .addKeyValue("passed", passed.size())
                    .log("{} goes in circles: {} keeps it", row.traceId(), own);
            return false;
        }
        return true;
    }

    private static byte[] header(Letter letter) throws IOException {
        try (var in = letter.bytes().open(0, letter.parsed().headerSize())) {
            return in.readAllBytes();
        }
    }

    private Optional<Forward> prepare(Claimed row, Whose whose, List<Recipient> to, Letter letter) throws IOException {
        var mail = database.<Optional<QueuedMail>>once(tx -> queue.mail(tx, row.queueId()));
        if (mail.isEmpty()) {
            return Optional.empty(); // The lease has run out, and somebody else was here.
        }
        var original = mail.get();
        var passed = new PrefixedBytes((DELIVERED_TO + ": " + whose.own() + "\r\n").getBytes(UTF_8), letter.bytes());
        // Of strangers' mail nothing is ours to sign; our own may have been for our own people until now.
        var front = original.front().isEmpty() && original.sender().isPresent()
                ? signer.sign(letter.bytes(), letter.parsed())
                : original.front();
        return Optional.of(new Forward(
                written(passed),
                original,
                original.returnPath().map(path -> returnPath(whose.own())),
                front,
                passed.size(),
                to,
                whose.forwarding().keepsCopy()));
    }

    /** Before any lock is held; what becomes of it otherwise, the sweep finds. */
    private long written(MessageBytes content) throws IOException {
        try {
            return database.transact(tx -> {
                long id = queue.newId(tx);
                try {
                    queue.addContent(tx, id, content);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return id;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** The mailbox's own address where there is no room for more: then the null return path of a bounce is what ends it. */
    private static Address returnPath(Address own) {
        var local = own.localPart() + '+' + DETAIL;
        return local.getBytes(UTF_8).length > Address.MAX_LOCAL_PART_BYTES
                        || local.length() + 1 + own.domain().name().length() > Address.MAX_BYTES
                ? own
                : new Address(local, own.domain());
    }

    /** In the transaction that is done with the recipient, or notes that it was forwarded. */
    void forward(Tx tx, Forward forward) throws SQLException {
        queue.add(
                tx,
                forward.contentId(),
                forward.original(),
                forward.returnPath(),
                forward.front(),
                forward.size(),
                limits);
        queue.addRecipients(
                tx,
                forward.contentId(),
                forward.to().stream()
                        .map(target -> new Waiting(target, Duration.ZERO, Optional.empty()))
                        .toList());
    }

    /** Of MAIL's parameters those that hold for a message wherever it goes; reports and times were asked for on the way to us. */
    static Map<String, String> passedOn(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .filter(each ->
                        each.getKey().equals("REQUIRETLS") || each.getKey().equals("MT-PRIORITY"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
