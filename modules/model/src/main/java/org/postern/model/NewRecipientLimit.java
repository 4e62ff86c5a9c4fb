package org.postern.model;

import java.time.Duration;

/**
 * How many recipients a mailbox may write to for the first time in a rolling day.
 *
 * @param perDay 1 to {@link #MAX}
 */
public record NewRecipientLimit(int perDay, AtLimit atLimit) {
    public static final int MAX = 1_000_000;
    public static final Duration WINDOW = Duration.ofDays(1);

    public NewRecipientLimit {
        if (perDay < 1 || perDay > MAX) {
            throw new IllegalArgumentException("new recipients per day are 1 to " + MAX + ": " + perDay);
        }
    }
}
