package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;

class PlansTest {
    private static final SendQuota HOURLY = new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofHours(1), 10);
    private final Plan plan = World.plan(World.SMALL, World.CAP, HOURLY);

    @Test
    @DisplayName("Plans are checked as a set")
    void checked() {
        assertThatThrownBy(() -> new Plans(Map.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Plans(Map.of(new PlanName("other"), plan))).hasMessageContaining("calls itself");
        var twice = World.plan(World.SMALL, World.CAP, HOURLY, HOURLY);
        assertThatThrownBy(() -> new Plans(Map.of(World.SMALL, twice))).hasMessageContaining("two send quotas");
    }

    @Test
    @DisplayName("Overrides change what they name, later ones over earlier ones")
    void overrides() {
        var changed = new Overrides(List.of(
                        "connections.imap.per-client-address=9",
                        "connections.imap.per-mailbox=20",
                        "sending.recipients-per-message=5",
                        "sending.quotas.mailbox.1h=7",
                        "sending.quotas.account.1d=70",
                        "storage=123",
                        "storage=456",
                        "max-message-size=99"))
                .appliedTo(plan);
        assertThat(changed.connections().get(Protocol.IMAP)).isEqualTo(new ConnectionCap(9, 20));
        assertThat(changed.connections().get(Protocol.POP3)).isEqualTo(World.CAP);
        assertThat(changed.sending().recipientsPerMessage()).isEqualTo(5);
        assertThat(changed.sending().quotas())
                .containsExactlyInAnyOrder(
                        new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofHours(1), 7),
                        new SendQuota(SendQuota.Subject.ACCOUNT, Duration.ofDays(1), 70));
        assertThat(changed.storageBytes()).isEqualTo(456);
        assertThat(changed.maxMessageBytes()).isEqualTo(99);
        assertThat(new Overrides(List.of("connections.imap.per-mailbox=2"))
                        .appliedTo(plan)
                        .connections()
                        .get(Protocol.IMAP))
                .isEqualTo(new ConnectionCap(2, 2));
    }

    @ParameterizedTest
    @DisplayName("An override that does not fit is an error, never ignored")
    @ValueSource(
            strings = {
                "colour=red",
                "connections.imap=5",
                "connections.imap.per-mailbox=0",
                "connections.imap.per-mailbox=many",
                "connections.nntp.per-mailbox=5",
                "sending.allowed=maybe",
                "sending.quotas.mailbox.1y=5",
                "sending.quotas.nobody.1h=5",
                "sending",
                "storage=-1"
            })
    void unfit(String setting) {
        assertThatThrownBy(() -> new Overrides(List.of(setting)).appliedTo(plan))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("A live session follows a reload, and keeps its plan when that is gone")
    void reload() {
        var current = new CurrentPlans(new Plans(Map.of(World.SMALL, plan)));
        var live = LivePlan.of(current, World.SMALL, new Overrides(List.of("storage=77")));
        assertThat(live.get().sending().quotas()).containsExactly(HOURLY);
        current.replace(new Plans(Map.of(World.SMALL, World.plan(World.SMALL, World.CAP))));
        assertThat(live.get().sending().quotas()).isEmpty();
        assertThat(live.get().storageBytes()).isEqualTo(77);
        var other = new PlanName("other");
        current.replace(new Plans(Map.of(other, new Plan(other, new EnumMap<>(Protocol.class), plan.sending(), 1, 1))));
        assertThat(live.get().storageBytes()).isEqualTo(77);
    }

    @Test
    @DisplayName("A lease holds two heartbeats before its margin, and thirty seconds at most")
    void lease() {
        assertThat(LeaseSettings.of("a").lease()).isLessThanOrEqualTo(LeaseSettings.MAX_LEASE);
        assertThatThrownBy(() -> World.lease(500, 1000, 100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> World.lease(500, 31_000, 100)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("Delays double up to their cap")
    void delays() {
        var settings = new PenaltySettings(Duration.ofMillis(250), Duration.ofSeconds(15), Duration.ofHours(1), 20);
        assertThat(settings.delay(1)).isEqualTo(Duration.ofMillis(250));
        assertThat(settings.delay(3)).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.delay(64)).isEqualTo(Duration.ofSeconds(15));
    }
}
