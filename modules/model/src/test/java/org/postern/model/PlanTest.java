package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    @DisplayName("a cap is 1 to 10,000, per client address at most per mailbox")
    void caps() {
        assertThatCode(() -> new ConnectionCap(1, 1)).doesNotThrowAnyException();
        assertThatCode(() -> new ConnectionCap(ConnectionCap.MAX, ConnectionCap.MAX))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new ConnectionCap(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConnectionCap(3, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ConnectionCap(1, ConnectionCap.MAX + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a send quota's window is 1 minute to 31 days, its count 1 to 100,000,000")
    void quotas() {
        for (var window : List.of(SendQuota.MIN_WINDOW, SendQuota.MAX_WINDOW)) {
            assertThatCode(() -> new SendQuota(SendQuota.Subject.MAILBOX, window, SendQuota.MAX_COUNT))
                    .doesNotThrowAnyException();
        }
        assertThatThrownBy(() -> new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofSeconds(59), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofDays(32), 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofDays(1), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a plan counts messages, or every recipient of them")
    void weights() {
        assertThat(new Plan.Sending(true, Plan.Counting.MESSAGES, List.of(), 100).weight(7))
                .isEqualTo(1);
        assertThat(new Plan.Sending(true, Plan.Counting.RECIPIENTS, List.of(), 100).weight(7))
                .isEqualTo(7);
    }

    @Test
    @DisplayName("a plan's name is lower-case letters, digits and dashes")
    void names() {
        assertThat(new PlanName("pro-2026")).hasToString("pro-2026");
        for (var bad : List.of("", "Pro", "2026", "a b", "a".repeat(41))) {
            assertThatThrownBy(() -> new PlanName(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
