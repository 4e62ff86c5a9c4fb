package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.delivery.ForwardRoutes.Route;
import org.postern.delivery.Queue.Claimed;
import org.postern.delivery.Queue.Waiting;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.mime.Headers;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what mailboxes forward (RFC 5321 §3.9.1) and what comes for groups (§3.9.2), as a message of its own: untouched but for a
 * Delivered-To in front, so that its signatures hold.
 *
 * <p>It goes out in the name of the address that it came to, {@code ann+forwarded@}, for that is whom SPF can vouch for here, and whose
 * owner can mend a forward that fails: its bounces are delivered there, and never passed on. The null return path stays null (§4.5.5).
 *
 * <p>An address that a message has passed before, as its Delivered-To tells, does not pass it on again: the mailbox, or the group's
 * owner, keeps it. So it is {@value #MAX_PASSED} addresses down the way (§6.3), and where its copies would be too many: forwards that point
 * at each other end, and lose nothing.
 */
public final class Forwarder {
    /** As many Delivered-To fields a message may have and be passed on. */
    static final int MAX_PASSED = 20;

    /**
     * As many copies are made of a message for one recipient, by all who pass it on: who does it first takes what it needs and gives
     * those it passes it to an equal share of the rest.
     */
    static final int MAX_COPIES = 10_000;

    /** What stands behind the {@code +} of the return path. */
    static final String DETAIL = "forwarded";

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final String DELIVERED_TO = "Delivered-To";

    private final Database database;
    private final ForwardRoutes routes;
    private final MessageSigner signer;
    private final DeliveryLimits limits;
    private final Queue queue = new Queue();

    public Forwarder(Database database, ForwardRoutes routes, MessageSigner signer, DeliveryLimits limits) {
        this.database = database;
        this.routes = routes;
        this.signer = signer;
        this.limits = limits;
    }

    /**
     * Those of one mailbox's claimed messages that go on, their contents written ahead. Not inside a transaction.
     *
     * @param terms of that mailbox
     */
    Map<Queue.Key, Forward> prepare(List<Claimed> rows, MailboxTerms.Terms terms, QueuedMessages messages)
            throws IOException {
        var forwards = new LinkedHashMap<Queue.Key, Forward>();
        var mailbox = rows.getFirst().mailbox();
        var own = terms.forwards() ? routes.ofMailbox(mailbox) : Optional.<Route>empty();
        for (var row : rows) {
            if (row.place() != Place.INBOX || row.forwarded() || isBounce(row)) {
                continue;
            }
            var route = row.toGroup() ? routes.ofGroup(row.address(), mailbox, terms.mayForward()) : own;
            if (route.isPresent()) { // What nobody takes is kept.
                var message = messages.fetch(row.queueId(), row.size());
                prepare(row, route.get(), new Letter(message.bytes(), message.parsed()))
                        .ifPresent(forward -> forwards.put(row.key(), forward));
            }
        }
        return forwards;
    }

    /** Of a forward that failed. */
    private static boolean isBounce(Claimed row) {
        return row.address().foldedLocalPart().endsWith('+' + DETAIL)
                || (row.returnPath().isEmpty() && returnPath(row.address()).equals(row.address()));
    }

    private Optional<Forward> prepare(Claimed row, Route route, Letter letter) throws IOException {
        var mail = database.<Optional<QueuedMail>>once(tx -> queue.mail(tx, row.queueId()));
        if (mail.isEmpty()) {
            return Optional.empty(); // The lease has run out, and somebody else was here.
        }
        var original = mail.get();
        if (goesInCircles(row, route.own(), letter) || spreadsTooFar(row, route, original)) {
            return Optional.empty();
        }
        var passed = new PrefixedBytes((DELIVERED_TO + ": " + route.own() + "\r\n").getBytes(UTF_8), letter.bytes());
        // Of strangers' mail nothing is ours to sign; our own may have been for our own people until now.
        var front = original.front().isEmpty() && original.sender().isPresent()
                ? signer.sign(letter.bytes(), letter.parsed())
                : original.front();
        return Optional.of(new Forward(
                written(passed),
                original,
                original.returnPath().map(path -> returnPath(route.own())),
                front,
                passed.size(),
                share(original.copiesLeft(), route.to()),
                route.to(),
                route.keepsCopy()));
    }

    private static boolean goesInCircles(Claimed row, Address own, Letter letter) throws IOException {
        var passed = Headers.of(header(letter)).values(DELIVERED_TO);
        boolean again = passed.stream().anyMatch(value -> value.strip().equalsIgnoreCase(own.toString()));
        if (!again && passed.size() < MAX_PASSED) {
            return false;
        }
        LOG.atWarn()
                .addKeyValue("case", "forward-loop")
                .addKeyValue("message", row.traceId())
                .addKeyValue("mailbox", own)
                .addKeyValue("passed", passed.size())
                .log("{} goes in circles: {} keeps it", row.traceId(), own);
        return true;
    }

    private static byte[] header(Letter letter) throws IOException {
        try (var in = letter.bytes().open(0, letter.parsed().headerSize())) {
            return in.readAllBytes();
        }
    }

    private static boolean spreadsTooFar(Claimed row, Route route, QueuedMail original) {
        if (route.to().size() <= original.copiesLeft()) {
            return false;
        }
        LOG.atWarn()
                .addKeyValue("case", "forward-spread")
                .addKeyValue("message", row.traceId())
                .addKeyValue("mailbox", route.own())
                .addKeyValue("wanted", route.to().size())
                .addKeyValue("left", original.copiesLeft())
                .log("{} has been passed on too often: {} keeps it", row.traceId(), route.own());
        return true;
    }

    /** Of the copies that are left, each of ours who gets one may make as many as any other. */
    private static int share(int left, List<Recipient> to) {
        long ours = to.stream().filter(target -> target.mailbox().isPresent()).count();
        return (int) ((left - to.size()) / Math.max(1, ours));
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

    /** The address itself where there is no room for more: then the null return path of a bounce tells that it is one. */
    private static Address returnPath(Address own) {
        var local = own.localPart() + '+' + DETAIL;
        return local.getBytes(UTF_8).length > Address.MAX_LOCAL_PART_BYTES
                        || local.length() + 1 + own.domain().name().length() > Address.MAX_BYTES
                ? own
                : new Address(local, own.domain());
    }

    /** In the transaction that is done with the recipient, or notes that it was forwarded. */
    void forward(Tx tx, Forward forward) throws SQLException {
        queue.add(tx, forward, limits);
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
