package org.postern.delivery.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.database.Database;
import org.postern.delivery.QueuedMail;
import org.postern.delivery.QueuedRecipient;
import org.postern.delivery.relay.Dialer.Dialled;
import org.postern.delivery.relay.RelayLimits.Portions;
import org.postern.delivery.relay.RelayQueue.Claim;
import org.postern.delivery.relay.RelayQueue.Found;
import org.postern.delivery.relay.RelayQueue.Outgoing;
import org.postern.delivery.relay.Settlement.Verdict;
import org.postern.delivery.relay.client.Content;
import org.postern.delivery.relay.client.Reply;
import org.postern.delivery.relay.client.SmtpConnection;
import org.postern.mime.bytes.MessageBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what one claim has, and what comes due at the same destination meanwhile, message by message over as few connections as
 * possible. One thread.
 */
final class DeliveryAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryAgent.class);
    private static final Pattern RECEIVED = Pattern.compile("(?im)^received:");
    /** Enough for the trace fields of any message that is not in a loop. */
    private static final int HEADER_BYTES = 128 * 1024;

    private final Claim claim;
    private final Database database;
    private final RelayQueue queue;
    private final Claims claims;
    private final Dialer dialer;
    private final Settlement settlement;
    private final RelayMeter meter;
    private final Portions portions;
    private final InstantSource clock;
    private final BooleanSupplier stopping;

    private @Nullable SmtpConnection connection;
    private Found found = Found.UNTRIED;
    private int messages;
    /** Why nobody could be reached. */
    private Dialled.Unreachable lastWords =
            new Dialled.Unreachable(new Reply(451, "4.4.1 Nobody answers"), Optional.empty());

    DeliveryAgent(
            Claim claim,
            Database database,
            RelayQueue queue,
            Claims claims,
            Dialer dialer,
            Settlement settlement,
            RelayMeter meter,
            Portions portions,
            InstantSource clock,
            BooleanSupplier stopping) {
        this.claim = claim;
        this.database = database;
        this.queue = queue;
        this.claims = claims;
        this.dialer = dialer;
        this.settlement = settlement;
        this.meter = meter;
        this.portions = portions;
        this.clock = clock;
        this.stopping = stopping;
    }

    /** @return what is known of the destination now */
    Found run() {
        var batch = database.<List<Outgoing>>once(tx -> queue.claimed(tx, claim));
        while (!batch.isEmpty()) {
            for (var outgoing : batch) {
                if (stopping.getAsBoolean() || !claims.holds(claim)) {
                    return found;
                }
                messages++;
                deliver(outgoing);
            }
            batch = found == Found.REACHED && messages < portions.messagesPerClaim() ? more() : List.of();
        }
        return found;
    }

    private List<Outgoing> more() {
        return database.transact(
                tx -> queue.claimMore(tx, claim) == 0 ? List.<Outgoing>of() : queue.claimed(tx, claim));
    }

    private void deliver(Outgoing outgoing) {
        var mail = outgoing.mail();
        var content = mail.outgoing(database);
        try {
            if (isLooping(content)) {
                var reply = new Reply(554, "5.4.6 The message has passed too many hosts: it goes in circles");
                settle(mail, outgoing.recipients(), reply, Optional.empty());
                return;
            }
        } catch (IOException e) {
            LOG.info("{} cannot be read: {}", mail.traceId(), e.getMessage());
            var reply = new Reply(451, "4.3.0 The message cannot be read");
            settle(
                    mail,
                    outgoing.recipients(),
                    reply,
                    Optional.empty()); // Of one that was deleted nothing is left to settle.
            return;
        }
        deliver(mail, outgoing.recipients(), new Content(content));
    }

    private boolean isLooping(MessageBytes content) throws IOException {
        try (var in = content.open()) {
            var beginning = new String(in.readNBytes(HEADER_BYTES), ISO_8859_1);
            int end = beginning.indexOf("\r\n\r\n");
            var header = end < 0 ? beginning : beginning.substring(0, end);
            return RECEIVED.matcher(header).results().count() > portions.receivedFields();
        }
    }

    /** To as many recipients at a time as the host takes; host by host, until one does not turn the message away (RFC 5321 §5.1). */
    private void deliver(QueuedMail mail, List<QueuedRecipient> recipients, Content content) {
        var left = recipients;
        var passed = new Passed();
        while (!left.isEmpty()) {
            if (found == Found.UNREACHABLE) {
                // Known from the message before: nobody needs to be asked again.
                settle(mail, left, lastWords.reply(), lastWords.host());
                return;
            }
            switch (connected(mail.requiresTls(), passed)) {
                case Dialled.Nowhere(var reply) -> {
                    settle(mail, left, reply, Optional.empty());
                    return;
                }
                case Dialled.Unreachable unreachable -> {
                    if (isOfAll(unreachable, mail, passed)) {
                        found = Found.UNREACHABLE;
                        lastWords = unreachable;
                    }
                    settle(mail, left, unreachable.reply(), unreachable.host());
                    return;
                }
                case Dialled.Connected(var open) -> {
                    found = Found.REACHED;
                    var part = left.subList(0, Math.min(left.size(), open.recipients(portions.recipients())));
                    if (send(open, mail, part, content, passed)) {
                        left = left.subList(part.size(), left.size());
                    }
                }
            }
        }
    }

    /** Whether it says something of the destination as a whole, and not only of one message. */
    private static boolean isOfAll(Dialled.Unreachable unreachable, QueuedMail mail, Passed passed) {
        return passed.last().isEmpty()
                ? !mail.requiresTls()
                : unreachable.reply().isGoodbye();
    }

    /** @param proof whether only a host will do in whose place nobody can be */
    private Dialled connected(boolean proof, Passed passed) {
        var open = connection;
        if (open != null && !open.takesMore(portions.messagesPerConnection())) {
            hangUp();
        } else if (open != null && (open.assurance().isProof() || !proof) && !passed.has(open.host())) {
            return new Dialled.Connected(open);
        }
        var dialled = dialer.dial(claim.domain(), proof, passed);
        if (dialled instanceof Dialled.Connected(var fresh)) {
            hangUp(); // Not before: where there is no other host, the next message may be more welcome there.
            connection = fresh;
        }
        return dialled;
    }

    /**
     * Sends to some of the recipients.
     *
     * @return false when they are to be tried again: at another host, or over a fresh connection, for the other host may have closed one that
     *     was used before, which says nothing of the message
     */
    private boolean send(
            SmtpConnection open, QueuedMail mail, List<QueuedRecipient> part, Content content, Passed passed) {
        boolean reused = open.messages() > 0;
        long start = System.nanoTime();
        try {
            var sent = open.send(mail, part, content, clock);
            meter.took(Duration.ofNanos(System.nanoTime() - start));
            switch (sent) {
                case SmtpConnection.Sent.Answered(var replies) -> settle(open, mail, part, replies);
                case SmtpConnection.Sent.TurnedAway(var reply) -> passed.add(open.host(), reply);
            }
            return sent instanceof SmtpConnection.Sent.Answered;
        } catch (IOException e) {
            hangUp();
            if (!reused) {
                var why = Optional.ofNullable(e.getMessage()).orElse("gone");
                var reply = new Reply(451, "4.4.2 The connection to " + open.host() + " was lost: " + why);
                passed.add(open.host(), reply);
            }
            return false;
        }
    }

    private void settle(SmtpConnection open, QueuedMail mail, List<QueuedRecipient> part, List<Reply> replies) {
        var verdicts = new ArrayList<Verdict>();
        for (int i = 0; i < part.size(); i++) {
            verdicts.add(Verdict.of(part.get(i), replies.get(i), open));
        }
        settlement.settle(claim, mail, verdicts);
        if (replies.stream().allMatch(Reply::isGoodbye)) {
            found = Found.UNREACHABLE;
            lastWords = new Dialled.Unreachable(replies.getLast(), Optional.of(open.host()));
        }
    }

    private void settle(QueuedMail mail, List<QueuedRecipient> recipients, Reply reply, Optional<String> host) {
        settlement.settle(
                claim,
                mail,
                recipients.stream()
                        .map(each -> Verdict.without(each, reply, host))
                        .toList());
    }

    private void hangUp() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    @Override
    public void close() {
        if (connection != null) {
            dialer.giveBack(connection);
            connection = null;
        }
    }
}
