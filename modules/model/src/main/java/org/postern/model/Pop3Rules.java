package org.postern.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What a plan demands of POP3 sessions besides their caps.
 *
 * @param singleSession whether a mailbox has one session at a time; a second is told {@code [IN-USE]} (RFC 2449 §8.1.1)
 * @param loginDelay at least so long from one login to the next (RFC 2449 §6.5); 1 second to {@link #MAX_DELAY}
 */
public record Pop3Rules(boolean singleSession, Optional<Duration> loginDelay) {
    public static final Duration MAX_DELAY = Duration.ofDays(1);

    public static final Pop3Rules NONE = new Pop3Rules(false, Optional.empty());

    public Pop3Rules {
        if (loginDelay.isPresent()
                && (loginDelay.get().toSeconds() < 1 || loginDelay.get().compareTo(MAX_DELAY) > 0)) {
            throw new IllegalArgumentException("a login delay is 1 second to 1 day: " + loginDelay.get());
        }
    }
}
