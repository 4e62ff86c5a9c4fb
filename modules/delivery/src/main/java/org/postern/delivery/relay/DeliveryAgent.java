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
import org.postern.delivery.relay.RelayQueue.Claim;
import org.postern.delivery.relay.RelayQueue.Found;
import org.postern.delivery.relay.RelayQueue.Outgoing;
import org.postern.delivery.relay.Settlement.Verdict;
import org.postern.delivery.relay.client.Content;
import org.postern.delivery.relay.client.Reply;
import org.postern.delivery.relay.client.SmtpConnection;
import org.postern.mime.MessageBytes;
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
    private final RelayLimits limits;
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
            RelayLimits limits,
            InstantSource clock,
            BooleanSupplier stopping) {
        this.claim = claim;
        this.database = database;
        this.queue = queue;
        this.claims = claims;
        this.dialer = dialer;
        this.settlement = settlement;
        this.meter = meter;
        this.limits = limits;
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
            batch = found == Found.REACHED && messages < limits.portions().messagesPerClaim() ? more() : List.of();
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
            return RECEIVED.matcher(header).results().count() > limits.portions().receivedFields();
        }
    }

    private void deliver(QueuedMail mail, List<QueuedRecipient> recipients, Content content) {
        var left = recipients;
        while (!left.isEmpty()) {
            boolean reused = connection != null;
            if (found == Found.UNREACHABLE) {
                // Known from the message before: nobody needs to be asked again.
                settle(mail, left, lastWords.reply(), lastWords.host());
                return;
            }
            switch (connected(mail.requiresTls())) {
                case Dialled.Nowhere(var reply) -> {
                    settle(mail, left, reply, Optional.empty());
                    return;
                }
                case Dialled.Unreachable(var reply, var host)
                when mail.requiresTls() -> {
                    settle(mail, left, reply, host); // That says nothing of the destination.
                    return;
                }
                case Dialled.Unreachable unreachable -> {
                    found = Found.UNREACHABLE;
                    lastWords = unreachable;
                }
                case Dialled.Connected(var open) -> {
                    found = Found.REACHED;
                    var part = left.subList(0, Math.min(left.size(), open.recipients(limits.portions().recipients())));
                    if (send(open, mail, part, content, reused)) {
                        left = left.subList(part.size(), left.size());
                    }
                }
            }
        }
    }

    /** @param proof whether only a host will do in whose place nobody can be */
    private Dialled connected(boolean proof) {
        var open = connection;
        if (open != null
                && open.takesMore(limits.portions().messagesPerConnection())
                && (open.assurance().isProof() || !proof)) {
            return new Dialled.Connected(open);
        }
        hangUp();
        var dialled = dialer.dial(claim.domain(), proof);
        if (dialled instanceof Dialled.Connected(var fresh)) {
            connection = fresh;
        }
        return dialled;
    }

    /**
     * Sends to some of the recipients.
     *
     * @param reused the connection was used before: the other host may have closed it meanwhile, which says nothing of the message
     * @return false when they are to be tried again over another connection
     */
    private boolean send(
            SmtpConnection open, QueuedMail mail, List<QueuedRecipient> part, Content content, boolean reused) {
        long start = System.nanoTime();
        List<Reply> replies;
        try {
            replies = open.send(mail, part, content, clock);
        } catch (IOException e) {
            hangUp();
            if (reused) {
                return false;
            }
            var why = Optional.ofNullable(e.getMessage()).orElse("gone");
            settle(
                    mail,
                    part,
                    new Reply(451, "4.4.2 The connection to " + open.host() + " was lost: " + why),
                    Optional.of(open.host()));
            return true;
        }
        meter.took(Duration.ofNanos(System.nanoTime() - start));
        var verdicts = new ArrayList<Verdict>();
        for (int i = 0; i < part.size(); i++) {
            verdicts.add(Verdict.of(part.get(i), replies.get(i), open));
        }
        settlement.settle(claim, mail, verdicts);
        var last = replies.getLast();
        if (replies.stream().allMatch(Reply::isGoodbye)) {
            found = Found.UNREACHABLE;
            lastWords = new Dialled.Unreachable(last, Optional.of(open.host()));
        }
        return true;
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
        hangUp();
    }
}
