package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.AtLimit;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;

class PlansTest {
    private static final SendQuota HOURLY = new SendQuota(
            SendQuota.Subject.MAILBOX, Duration.ofHours(1), SendQuota.Counting.MESSAGES, 10, AtLimit.DEFER);
    private final Plan plan = World.plan(World.SMALL, World.CAP, HOURLY);

    @Test
    @DisplayName("Plans are checked as a set")
    void checked() {
        assertThatThrownBy(() -> new Plans(Map.of())).hasMessageContaining("at least one");
        assertThatThrownBy(() -> new Plans(Map.of(new PlanName("other"), plan))).hasMessageContaining("calls itself");
    }

    @Test
    @DisplayName(
            "Overrides are laid over the plan, later ones over earlier ones; one that does not fit is never ignored")
    void overrides() {
        var plans = World.plans(plan);
        assertThat(plans.with(World.SMALL, Overrides.NONE)).isEqualTo(plan);
        assertThat(plans.with(World.SMALL, Overrides.of(List.of("storage=5", "storage=7")))
                        .storage())
                .isEqualTo(new StorageLimit(7));
        assertThatThrownBy(() -> plans.with(World.SMALL, Overrides.of(List.of("colour=red"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> plans.with(new PlanName("other"), Overrides.NONE))
                .hasMessageContaining("no plan other");
    }

    @Test
    @DisplayName("A live session follows a reload, and keeps its plan when that is gone")
    void reload() {
        var current = new CurrentPlans(World.plans(plan));
        var live = LivePlan.of(current, new PlanTerms(World.SMALL, Overrides.of(List.of("storage=77"))));
        assertThat(live.get().sending().quotas()).containsExactly(HOURLY);
        current.replace(World.plans(World.plan(World.SMALL, World.CAP)));
        assertThat(live.get().sending().quotas()).isEmpty();
        assertThat(live.get().storage().bytes()).isEqualTo(77);
        var other = new PlanName("other");
        current.replace(World.plans(World.plan(other, World.CAP)));
        assertThat(live.get().storage().bytes()).isEqualTo(77);
        live.become(new PlanTerms(other, Overrides.NONE));
        assertThat(live.get().name()).isEqualTo(other);
        live.become(new PlanTerms(other, Overrides.of(List.of("colour=red"))));
        assertThat(live.get().storage()).as("no use: what it was given stays").isEqualTo(new StorageLimit(1 << 30));
    }

    @Test
    @DisplayName(
            "A reload is one swap: 100,000 live sessions, each tenth with an override, all see it at their next look")
    void reloadOfMany() {
        var current = new CurrentPlans(World.plans(plan));
        var live = new ArrayList<LivePlan>();
        var own = new PlanTerms(World.SMALL, Overrides.of(List.of("storage=77")));
        var usual = new PlanTerms(World.SMALL, Overrides.NONE);
        for (int i = 0; i < 100_000; i++) {
            live.add(LivePlan.of(current, i % 10 == 0 ? own : usual));
        }
        long begun = System.nanoTime();
        current.replace(World.plans(World.plan(World.SMALL, World.CAP)));
        long swapped = System.nanoTime();
        assertThat(live).allMatch(each -> each.get().sending().quotas().isEmpty());
        System.out.printf(
                Locale.ROOT,
                "reload: swapped in %d us, all 100,000 sessions looked in %d ms%n",
                (swapped - begun) / 1_000,
                (System.nanoTime() - swapped) / 1_000_000);
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
