package org.postern.model;

import java.time.Duration;
import java.util.Optional;

/**
 * How a plan has the access switches of one protocol, which decide whether mail apps may use a mailbox.
 *
 * @param onByDefault whether a mailbox whose owner has not touched the switch may be used
 * @param activationDelay from switching on until it works; zero to {@link #MAX_DELAY}
 * @param offWhenUnused switched off when nobody has used it for so long; 1 to {@link #MAX_DAYS} days
 * @param offWhenMailboxInactive switched off when the mailbox has not been used by any protocol for so long; as above
 */
public record OutsideAccess(
        boolean onByDefault,
        Duration activationDelay,
        Optional<Duration> offWhenUnused,
        Optional<Duration> offWhenMailboxInactive) {
    public static final Duration MAX_DELAY = Duration.ofDays(7);
    public static final int MAX_DAYS = 3650;

    /** On from the start, and never switched off by itself. */
    public static final OutsideAccess ON = new OutsideAccess(true, Duration.ZERO, Optional.empty(), Optional.empty());

    public OutsideAccess {
        if (activationDelay.isNegative() || activationDelay.compareTo(MAX_DELAY) > 0) {
            throw new IllegalArgumentException("an activation delay is 0 to 7 days: " + activationDelay);
        }
        offWhenUnused.ifPresent(OutsideAccess::check);
        offWhenMailboxInactive.ifPresent(OutsideAccess::check);
    }

    private static void check(Duration idle) {
        if (idle.compareTo(Duration.ofDays(1)) < 0 || idle.compareTo(Duration.ofDays(MAX_DAYS)) > 0) {
            throw new IllegalArgumentException("access is switched off after 1 to " + MAX_DAYS + " days: " + idle);
        }
    }
}
