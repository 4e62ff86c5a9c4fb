package org.postern.model;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What is taken for abuse of a mailbox: one threshold exceeded locks its sending until an administrator unlocks it.
 *
 * @param refusedRecipients recipients that were refused as unknown
 * @param newRecipients recipients written to for the first time
 * @param clientAddresses distinct client networks that sent
 * @param bounces of messages that the mailbox sent
 * @param switchOff protocols whose access from outside is switched off besides
 */
public record AbuseThresholds(
        Optional<Threshold> refusedRecipients,
        Optional<Threshold> newRecipients,
        Optional<Threshold> clientAddresses,
        Optional<Threshold> bounces,
        Set<Protocol> switchOff) {
    public static final AbuseThresholds NONE =
            new AbuseThresholds(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Set.of());

    public AbuseThresholds {
        switchOff = Set.copyOf(switchOff);
    }

    /**
     * How many are still no abuse.
     *
     * @param max 1 to {@link #MAX}
     * @param window rolling; {@link #MIN_WINDOW} to {@link #MAX_WINDOW}
     */
    public record Threshold(int max, Duration window) {
        public static final int MAX = 1_000_000;
        public static final Duration MIN_WINDOW = Duration.ofMinutes(1);
        public static final Duration MAX_WINDOW = Duration.ofDays(31);

        public Threshold {
            if (max < 1 || max > MAX) {
                throw new IllegalArgumentException("an abuse threshold is 1 to " + MAX + ": " + max);
            }
            if (window.compareTo(MIN_WINDOW) < 0 || window.compareTo(MAX_WINDOW) > 0) {
                throw new IllegalArgumentException("an abuse window is 1 minute to 31 days: " + window);
            }
        }
    }
}
