package org.postern.pop3;

import java.time.Duration;
import org.postern.line.LineLimits;

/**
 * The bounds of one POP3 session.
 *
 * @param line of lines and commands; RFC 2449 §4 asks for command lines of 255 octets, a SASL response may be longer
 * @param saslLine the longest line inside AUTH; bytes with its line end
 */
public record Pop3Limits(LineLimits line, int saslLine) {
    /** RFC 1939 §3: a session that is idle for less than 10 minutes is never ended. */
    public static final Duration MIN_IDLE = Duration.ofMinutes(10);

    public static final Pop3Limits DEFAULT =
            new Pop3Limits(new LineLimits(4_096, 64 << 10, 20, 50, 1_000_000, Duration.ofMinutes(1), MIN_IDLE), 12_288);

    public Pop3Limits {
        if (line.idle().compareTo(MIN_IDLE) < 0) {
            throw new IllegalArgumentException(
                    "RFC 1939 §3 asks for an idle limit of 10 minutes or more: " + line.idle());
        }
        if (saslLine < 16) {
            throw new IllegalArgumentException("a SASL line takes at least 16 bytes: " + saslLine);
        }
    }
}
