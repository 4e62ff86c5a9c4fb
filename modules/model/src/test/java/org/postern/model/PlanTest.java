package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.AbuseThresholds.Threshold;

class PlanTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private static SendQuota quota(Duration window, int max) {
        return new SendQuota(SendQuota.Subject.MAILBOX, window, SendQuota.Counting.MESSAGES, max, AtLimit.DEFER);
    }

    private static void refused(ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("a cap is 1 to 10,000; per client address and per token at most per mailbox")
    void caps() {
        assertThat(new ConnectionCap(1, 1)).isEqualTo(new ConnectionCap(1, 1, 1, ConnectionCap.AtCap.REFUSE));
        assertThatCode(() -> new ConnectionCap(ConnectionCap.MAX, ConnectionCap.MAX))
                .doesNotThrowAnyException();
        refused(() -> new ConnectionCap(0, 1));
        refused(() -> new ConnectionCap(3, 2));
        refused(() -> new ConnectionCap(1, ConnectionCap.MAX + 1));
        refused(() -> new ConnectionCap(1, 2, 3, ConnectionCap.AtCap.REFUSE));
        refused(() -> new ConnectionCap(1, 2, 0, ConnectionCap.AtCap.REFUSE));
    }

    @Test
    @DisplayName("a send quota's window is 1 minute to 31 days, its count 1 to 100,000,000")
    void quotas() {
        for (var window : List.of(SendQuota.MIN_WINDOW, SendQuota.MAX_WINDOW)) {
            assertThatCode(() -> quota(window, SendQuota.MAX_COUNT)).doesNotThrowAnyException();
        }
        refused(() -> quota(Duration.ofSeconds(59), 1));
        refused(() -> quota(Duration.ofDays(32), 1));
        refused(() -> quota(Duration.ofDays(1), 0));
        refused(() -> quota(Duration.ofDays(1), SendQuota.MAX_COUNT + 1));
    }

    @Test
    @DisplayName("a plan has at most 16 send quotas, no two for the same, and 1 to 10,000 recipients for a message")
    void sending() {
        var many = IntStream.rangeClosed(1, Plan.Sending.MAX_QUOTAS)
                .mapToObj(minutes -> quota(Duration.ofMinutes(minutes), 1))
                .toArray(SendQuota[]::new);
        assertThat(Plan.Sending.within(Plan.Sending.MAX_RECIPIENTS, many).quotas())
                .hasSize(16);
        var oneMore = Stream.concat(Stream.of(many), Stream.of(quota(HOUR, 1))).toArray(SendQuota[]::new);
        refused(() -> Plan.Sending.within(1, oneMore));
        refused(() -> Plan.Sending.within(1, quota(HOUR, 1), quota(HOUR, 2)));
        refused(() -> Plan.Sending.within(0));
        refused(() -> Plan.Sending.within(Plan.Sending.MAX_RECIPIENTS + 1));
        refused(() -> new NewRecipientLimit(0, AtLimit.DEFER));
        refused(() -> new NewRecipientLimit(NewRecipientLimit.MAX + 1, AtLimit.DEFER));
    }

    @Test
    @DisplayName("POP3's login delay is 1 second to 1 day; access is switched on within 7 days, off after 1 to 3,650")
    void access() {
        assertThatCode(() -> new Pop3Rules(true, Optional.of(Pop3Rules.MAX_DELAY)))
                .doesNotThrowAnyException();
        refused(() -> new Pop3Rules(true, Optional.of(Duration.ofMillis(999))));
        refused(() -> new Pop3Rules(true, Optional.of(Pop3Rules.MAX_DELAY.plusSeconds(1))));
        var never = Optional.<Duration>empty();
        var longest = Optional.of(Duration.ofDays(OutsideAccess.MAX_DAYS));
        assertThatCode(() -> new OutsideAccess(false, OutsideAccess.MAX_DELAY, longest, longest))
                .doesNotThrowAnyException();
        refused(() -> new OutsideAccess(false, OutsideAccess.MAX_DELAY.plusSeconds(1), never, never));
        refused(() -> new OutsideAccess(false, Duration.ZERO, Optional.of(Duration.ofHours(23)), never));
        refused(() -> new OutsideAccess(false, Duration.ZERO, never, Optional.of(Duration.ofDays(3651))));
    }

    @Test
    @DisplayName("an abuse threshold is 1 to 1,000,000 within 1 minute to 31 days; no size is negative")
    void thresholdsAndSizes() {
        assertThatCode(() -> new Threshold(Threshold.MAX, Threshold.MAX_WINDOW)).doesNotThrowAnyException();
        refused(() -> new Threshold(0, HOUR));
        refused(() -> new Threshold(Threshold.MAX + 1, HOUR));
        refused(() -> new Threshold(1, Threshold.MIN_WINDOW.minusSeconds(1)));
        refused(() -> new Threshold(1, Threshold.MAX_WINDOW.plusSeconds(1)));
        refused(() -> new StorageLimit(-1));
        refused(() -> new StorageLimit(0, OptionalInt.of(-1)));
        refused(() -> new Plan(new PlanName("a"), Map.of(), Plan.Sending.none(), StorageLimit.NONE, 0));
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
