package org.postern.model;

import java.time.Duration;
import java.util.Locale;

/**
 * How much may be sent in a rolling window.
 *
 * @param subject whose sending is counted together
 * @param window 1 minute to 31 days, whole seconds
 * @param max 1 to 100,000,000
 * @param atLimit what becomes of a message for which there is no room yet
 */
public record SendQuota(Subject subject, Duration window, Counting counting, int max, AtLimit atLimit) {
    public static final Duration MIN_WINDOW = Duration.ofMinutes(1);
    public static final Duration MAX_WINDOW = Duration.ofDays(31);
    public static final int MAX_COUNT = 100_000_000;

    /** Whose sending is counted together; the usage rows are locked in this order. */
    public enum Subject {
        ACCOUNT,
        MAILBOX;

        /** The name in config, command line, logs and the database. */
        public String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is counted. */
    public enum Counting {
        MESSAGES,
        RECIPIENTS;

        /** The name in config, command line, logs and the database. */
        public String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public SendQuota {
        if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0 || window.toNanosPart() != 0) {
            throw new IllegalArgumentException("a window is 1 minute to 31 days, in whole seconds: " + window);
        }
        if (max < 1 || max > MAX_COUNT) {
            throw new IllegalArgumentException("a send quota is 1 to " + MAX_COUNT + ": " + max);
        }
    }

    /** The window as people call it: {@code hourly}, {@code daily}, or its length. */
    public String windowName() {
        if (window.equals(Duration.ofMinutes(1))) {
            return "minute";
        }
        if (window.equals(Duration.ofHours(1))) {
            return "hourly";
        }
        if (window.equals(Duration.ofDays(1))) {
            return "daily";
        }
        return window.toMinutes() + "-minute";
    }
}
