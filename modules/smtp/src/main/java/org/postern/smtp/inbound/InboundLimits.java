package org.postern.smtp.inbound;

import java.time.Duration;
import org.postern.line.LineLimits;

/**
 * Every bound of a session with another server.
 *
 * @param lines of commands
 * @param maxMessageBytes the largest message, whoever it is for
 * @param textLine the longest line of a message, without its line end
 * @param headerBytes the longest header
 * @param drainBytes how much of a message that is too big is read past before the connection is closed
 * @param dataPause the longest silence between 354 and the message's first byte (RFC 5321 §4.5.3.2.5)
 * @param recipients of one message (RFC 5321 §4.5.3.1.8: 100 or more)
 * @param hops Received fields of a message; with more it goes in circles (RFC 5321 §6.3)
 * @param unknownRecipients of one connection, after which it is closed: whoever names more is guessing
 * @param unknownPause before each of them is refused
 */
public record InboundLimits(
        LineLimits lines,
        long maxMessageBytes,
        int textLine,
        int headerBytes,
        long drainBytes,
        Duration dataPause,
        int recipients,
        int hops,
        int unknownRecipients,
        Duration unknownPause) {
    /** Of a trusted server, which keeps its connection. */
    public static final InboundLimits LMTP = new InboundLimits(
            new LineLimits(4096, 64 << 10, 20, 1_000_000, 1_000_000, Duration.ofMinutes(5), Duration.ofMinutes(5)),
            100L << 20,
            1 << 20,
            256 << 10,
            128L << 20,
            Duration.ofMinutes(3),
            10_000,
            50,
            1_000_000,
            Duration.ZERO);

    /** Of anybody. */
    public static final InboundLimits MX = new InboundLimits(
            new LineLimits(4096, 64 << 10, 10, 10_000, 10_000, Duration.ofMinutes(5), Duration.ofMinutes(5)),
            100L << 20,
            1 << 20,
            256 << 10,
            32L << 20,
            Duration.ofMinutes(3),
            100,
            50,
            5,
            Duration.ofMillis(500));

    public InboundLimits {
        if (maxMessageBytes < 1
                || textLine < 998
                || headerBytes < 1
                || drainBytes < 0
                || recipients < 100
                || hops < 1
                || unknownRecipients < 1) {
            throw new IllegalArgumentException(
                    "inbound bounds must be positive, text lines 998, recipients 100 at least");
        }
        if (!dataPause.isPositive() || unknownPause.isNegative()) {
            throw new IllegalArgumentException("inbound times must be positive");
        }
    }
}
