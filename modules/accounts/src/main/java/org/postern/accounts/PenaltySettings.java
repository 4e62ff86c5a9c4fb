package org.postern.accounts;

import java.time.Duration;

/**
 * How failed logins are slowed down; right secrets never are.
 *
 * @param first after the first failure; doubled with each further different secret from the client's network, or at the
 *     address, whichever had more
 * @param longest no failure waits longer
 * @param window how long a failure is remembered
 * @param closeAfter from so many different failures of one client network on, the connection is closed too
 */
public record PenaltySettings(Duration first, Duration longest, Duration window, int closeAfter) {
    /** Failures remembered of one client network or address: enough for the longest delay. */
    public static final int MAX_REMEMBERED = 64;

    public static final PenaltySettings DEFAULT =
            new PenaltySettings(Duration.ofMillis(250), Duration.ofSeconds(15), Duration.ofHours(1), 20);

    public PenaltySettings {
        if (first.isNegative() || longest.compareTo(first) < 0 || longest.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("delays grow from 0 to 1 minute at most");
        }
        if (window.compareTo(Duration.ofMinutes(1)) < 0 || window.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("failures are remembered for 1 minute to 1 day");
        }
        if (closeAfter < 1 || closeAfter > MAX_REMEMBERED) {
            throw new IllegalArgumentException("close-after is 1 to " + MAX_REMEMBERED);
        }
    }

    /** The wait after the {@code failures}-th different failure. */
    Duration delay(int failures) {
        var delay = first;
        for (int i = 1; i < failures && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longest) < 0 ? delay : longest;
    }
}
