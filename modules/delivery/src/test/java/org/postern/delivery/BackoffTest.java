package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5));

    @Test
    void doublesToItsBoundAndSpreads() {
        var random = new Random(7);
        for (int attempt = 1; attempt < 100; attempt++) {
            long bound = attempt > 7 ? 5000 : Math.min(5000, 50L << (attempt - 1));
            for (int i = 0; i < 50; i++) {
                assertThat(backoff.after(attempt, random).toMillis()).isBetween(bound / 2, bound);
            }
        }
    }
}
