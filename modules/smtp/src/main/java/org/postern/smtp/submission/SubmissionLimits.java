package org.postern.smtp.submission;

import java.time.Duration;
import org.postern.line.LineLimits;

/**
 * Every bound of a submission session beside its plan's.
 *
 * @param lines of commands
 * @param authLine the longest line of a SASL exchange, without its line end (RFC 4954 §4)
 * @param textLine the longest line of a message, without its line end; RFC 5321 §4.5.3.1.6 allows clients 998, real ones send more
 * @param headerBytes the longest header
 * @param drainBytes how much of a message that is too big is read past before the connection is closed
 * @param dataPause the longest silence between 354 and the message's first byte (RFC 5321 §4.5.3.2.5)
 * @param messages transactions of one connection (RFC 9422 §4, MAILMAX)
 */
public record SubmissionLimits(
        LineLimits lines,
        int authLine,
        int textLine,
        int headerBytes,
        long drainBytes,
        Duration dataPause,
        int messages) {
    public static final SubmissionLimits DEFAULT = new SubmissionLimits(
            new LineLimits(12_288 + 16, 64 << 10, 20, 50, 100_000, Duration.ofMinutes(1), Duration.ofMinutes(5)),
            12_288,
            1 << 20,
            256 << 10,
            128L << 20,
            Duration.ofMinutes(3),
            25_000);

    public SubmissionLimits {
        if (authLine < 1
                || textLine < 998
                || headerBytes < 1
                || drainBytes < 0
                || !dataPause.isPositive()
                || messages < 1
                || messages > 999_999) {
            throw new IllegalArgumentException(
                    "submission bounds must be positive, text lines 998 at least, messages 999999 at most");
        }
    }
}
