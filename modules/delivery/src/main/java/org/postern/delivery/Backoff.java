package org.postern.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Waits that double from {@code first} to {@code longest}, each shortened by up to half at random so that retries spread out. */
public record Backoff(Duration first, Duration longest) {
    public Backoff {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("a backoff goes from a positive time to a longer one");
        }
    }

    /** @param attempt the one that has just failed, from 1 */
    public Duration after(int attempt, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(attempt - 1, 30);
        long bound = doubled <= 0 ? longest.toMillis() : Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(Math.max(1, bound - random.nextLong(bound / 2 + 1)));
    }
}
