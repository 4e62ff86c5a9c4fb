package org.postern.delivery.relay.client;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.QueuedMail;
import org.postern.delivery.QueuedRecipient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that messages can be sent over, one after the other. One thread.
 *
 * <p>Nothing is sent that the other host would have to spoil: what it cannot take is refused here (RFC 6152 §3, RFC 6531 §3.5), for a
 * message made over on the way loses its signatures.
 */
public final class SmtpConnection implements AutoCloseable {
    /** Read from the database and written to the other host at once. */
    static final int BLOCK_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SmtpConnection.class);

    private final Target target;
    private final Channel channel;
    private final Capabilities offered;
    private final Assurance assurance;
    private final Commands commands;
    private int messages;
    private boolean usable = true;

    SmtpConnection(Target target, Channel channel, Capabilities offered, Assurance assurance) {
        this.target = target;
        this.channel = channel;
        this.offered = offered;
        this.assurance = assurance;
        this.commands = new Commands(offered);
    }

    public String host() {
        return target.host();
    }

    /** How sure it is that nobody but that host is at the other end. */
    public Assurance assurance() {
        return assurance;
    }

    /** Whether the other host reports deliveries itself, when it is asked to (RFC 3461). */
    public boolean reportsDeliveries() {
        return offered.offers("DSN");
    }

    /** How many recipients one message may have here, {@code most} at most. */
    public int recipients(int most) {
        return (int) Math.min(most, offered.limit("RCPTMAX").orElse(most));
    }

    /** Whether one message more may follow; {@code most} at most. */
    public boolean takesMore(int most) {
        return usable && messages < Math.min(most, offered.limit("MAILMAX").orElse(most));
    }

    /** Messages sent so far, whatever became of them. */
    public int messages() {
        return messages;
    }

    /** What became of one message at a host. */
    public sealed interface Sent {
        /**
         * Each recipient has its answer.
         *
         * @param replies in the order of the recipients; positive: the other host has taken the message for it. A connection that is lost
         *     when the whole message is under way gives a temporary one of our own words: nobody knows, and it is sent again
         */
        record Answered(List<Reply> replies) implements Sent {
            public Answered {
                replies = List.copyOf(replies);
            }
        }

        /** The host takes nothing of it, whoever it is for: another one of the domain may. */
        record TurnedAway(Reply reply) implements Sent {}
    }

    /**
     * Sends one message.
     *
     * @throws IOException the connection was lost before the other host could have taken it
     */
    public Sent send(QueuedMail mail, List<QueuedRecipient> recipients, Content content, InstantSource clock)
            throws IOException {
        messages++;
        if (mail.requiresTls() && !(assurance.isProof() && offered.offers("REQUIRETLS"))) {
            return new Sent.TurnedAway(
                    new Reply(550, "5.7.30 REQUIRETLS was asked for, and " + host() + " does not offer it"));
        }
        try {
            var unfit = unfit(mail, content, clock);
            return unfit.isPresent()
                    ? new Sent.Answered(all(recipients, unfit.get()))
                    : toTakers(mail, recipients, content, clock);
        } catch (IOException | RuntimeException e) {
            usable = false;
            channel.close(); // In the middle of a message there is no polite end.
            throw e;
        }
    }

    /** Where addresses must be ASCII, the others are not even tried. */
    private Sent toTakers(QueuedMail mail, List<QueuedRecipient> recipients, Content content, InstantSource clock)
            throws IOException {
        boolean utf8 = offered.offers("SMTPUTF8");
        var takers = recipients.stream()
                .filter(each -> utf8 || each.address().isAscii())
                .toList();
        var sent = takers.isEmpty() ? new Sent.Answered(List.of()) : envelope(mail, takers, content, clock);
        return switch (sent) {
            case Sent.TurnedAway away -> away;
            case Sent.Answered(var replies) -> {
                var next = replies.iterator();
                yield new Sent.Answered(recipients.stream()
                        .map(each -> utf8 || each.address().isAscii() ? next.next() : noUtf8())
                        .toList());
            }
        };
    }

    private Reply noUtf8() {
        return new Reply(550, "5.6.7 " + host() + " does not take addresses or headers in UTF-8");
    }

    /** Why the message cannot be given to this host at all. */
    private Optional<Reply> unfit(QueuedMail mail, Content content, InstantSource clock) throws IOException {
        if (Commands.isTooLate(mail, clock.instant())) {
            return Optional.of(new Reply(550, "5.4.7 The time by which it was to be delivered is over"));
        }
        // RFC 2852 §4.1.4: who wants it back in time is not served by a host that does not know of time.
        if (mail.parameters().getOrDefault("BY", "").endsWith(";R") && !offered.offers("DELIVERBY")) {
            return Optional.of(
                    new Reply(550, "5.3.3 A time of delivery was asked for, which " + host() + " does not offer"));
        }
        long largest = offered.maxSize().orElse(Long.MAX_VALUE);
        if (mail.outgoingSize() > largest) {
            return Optional.of(new Reply(
                    552, "5.3.4 The message has " + mail.outgoingSize() + " bytes, " + host() + " takes " + largest));
        }
        if (!offered.offers("SMTPUTF8") && needsUtf8(mail, content)) {
            return Optional.of(noUtf8());
        }
        if (mail.bodyType().equals("8BITMIME") && !offered.offers("8BITMIME") && content.isEightBit()) {
            return Optional.of(new Reply(554, "5.6.3 " + host() + " does not take 8-bit messages"));
        }
        return Optional.empty();
    }

    private static boolean needsUtf8(QueuedMail mail, Content content) throws IOException {
        return mail.returnPath().filter(path -> !path.isAscii()).isPresent()
                || (mail.smtpUtf8() && content.hasEightBitHeader());
    }

    private Sent envelope(QueuedMail mail, List<QueuedRecipient> recipients, Content content, InstantSource clock)
            throws IOException {
        var lines = lines(mail, recipients, clock);
        usable = false; // Until the transaction has come to an end that both sides know of.
        var replies = offered.offers("PIPELINING") ? channel.flight(lines) : oneByOne(lines);
        var begun = replies.getFirst();
        var answers = message(replies, lines.size(), recipients, content);
        return begun.isPositive() || begun.isPermanent()
                ? new Sent.Answered(answers)
                : new Sent.TurnedAway(negative(begun));
    }

    private List<String> lines(QueuedMail mail, List<QueuedRecipient> recipients, InstantSource clock) {
        boolean utf8 = offered.offers("SMTPUTF8")
                && (mail.smtpUtf8()
                        || recipients.stream().anyMatch(each -> !each.address().isAscii()));
        var lines = new ArrayList<String>();
        lines.add(commands.mail(mail, utf8, clock.instant()));
        recipients.forEach(each -> lines.add(commands.rcpt(each)));
        lines.add("DATA");
        return lines;
    }

    /** Sends the message itself if anybody is left to take it. */
    private List<Reply> message(List<Reply> replies, int asked, List<QueuedRecipient> recipients, Content content)
            throws IOException {
        var answers = answers(replies, recipients);
        boolean anybody = answers.stream().anyMatch(Reply::isPositive);
        var data = replies.getLast();
        if (replies.size() == asked && data.isIntermediate()) {
            // A host may say 354 although nobody is left: it is given an empty message (RFC 2920 §3.1).
            return anybody ? settled(answers, data(content)) : settled(answers, nothing());
        }
        return reset(anybody ? settled(answers, negative(data)) : answers);
    }

    /** MAIL, then RCPT for each, then DATA if anybody is left. */
    private List<Reply> oneByOne(List<String> lines) throws IOException {
        var replies = new ArrayList<Reply>();
        boolean anybody = false;
        for (var line : lines) {
            boolean data = line.equals("DATA");
            if (data && !anybody) {
                break;
            }
            boolean over = !replies.isEmpty() && replies.getLast().isGoodbye();
            replies.add(over ? replies.getLast() : channel.command(line));
            if (!replies.getFirst().isPositive()) {
                break; // MAIL was refused: nothing else was asked.
            }
            anybody |= replies.size() > 1 && replies.getLast().isPositive();
        }
        return replies;
    }

    /** What MAIL and RCPT came to, for each recipient. */
    private static List<Reply> answers(List<Reply> replies, List<QueuedRecipient> recipients) {
        var mail = replies.getFirst();
        if (!mail.isPositive()) {
            return all(recipients, negative(mail));
        }
        var answers = new ArrayList<Reply>();
        for (int i = 0; i < recipients.size(); i++) {
            answers.add(replies.get(i + 1));
        }
        return answers;
    }

    private static List<Reply> all(List<QueuedRecipient> recipients, Reply reply) {
        return recipients.stream().map(each -> reply).toList();
    }

    /** A reply of a class that does not belong there is no yes and no final no. */
    private static Reply negative(Reply reply) {
        return reply.isPositive() || reply.isIntermediate()
                ? new Reply(451, "4.5.0 The host answered out of turn: " + reply)
                : reply;
    }

    /** Who was taken so far shares the fate of the message. */
    private static List<Reply> settled(List<Reply> answers, Reply message) {
        return answers.stream()
                .map(answer -> answer.isPositive() ? message : negative(answer))
                .toList();
    }

    private List<Reply> reset(List<Reply> answers) {
        try {
            usable = channel.command("RSET").isPositive();
        } catch (IOException e) {
            LOG.debug("{} went away after its answer: {}", target, e.toString());
        }
        return answers.stream().map(SmtpConnection::negative).toList();
    }

    private Reply nothing() throws IOException {
        var end = new DotStuffing().end();
        channel.write(end, end.length);
        return messageReply();
    }

    private Reply data(Content content) throws IOException {
        var stuffing = new DotStuffing();
        var block = new byte[BLOCK_BYTES];
        var stuffed = new byte[2 * BLOCK_BYTES];
        try (var in = content.bytes().open()) {
            for (int got = in.readNBytes(block, 0, block.length);
                    got > 0;
                    got = in.readNBytes(block, 0, block.length)) {
                channel.write(stuffed, stuffing.stuff(block, got, stuffed));
            }
        }
        var end = stuffing.end();
        channel.write(end, end.length);
        return messageReply();
    }

    private Reply messageReply() {
        try {
            var reply = channel.reply(channel.limits().dataEnd(), "waiting for the reply to the message");
            usable = !reply.isGoodbye();
            return negativeUnlessTaken(reply);
        } catch (IOException e) {
            usable = false;
            return new Reply(
                    451,
                    String.format(
                            Locale.ROOT,
                            "4.4.2 The reply of %s to the whole message was lost (%s): it is sent again",
                            host(),
                            Connector.words(e)));
        }
    }

    private static Reply negativeUnlessTaken(Reply reply) {
        return reply.isPositive() ? reply : negative(reply);
    }

    @Override
    public void close() {
        if (usable) {
            channel.quit();
        } else {
            channel.close();
        }
        usable = false;
    }
}
