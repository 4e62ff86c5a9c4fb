package org.postern.accounts;

import java.util.function.Supplier;
import org.postern.model.Plan;
import org.postern.model.PlanName;

/** One session's plan, which follows a reload of the config. When the new plans have no use for it, the old one stays. */
final class LivePlan implements Supplier<Plan> {
    private final CurrentPlans current;
    private final PlanName name;
    private final Overrides overrides;
    private volatile Computed computed;

    private record Computed(Plans from, Plan plan) {}

    private LivePlan(CurrentPlans current, PlanName name, Overrides overrides, Computed computed) {
        this.current = current;
        this.name = name;
        this.overrides = overrides;
        this.computed = computed;
    }

    /** @throws IllegalArgumentException when there is no such plan, or an override does not fit it */
    static LivePlan of(CurrentPlans current, PlanName name, Overrides overrides) {
        var plans = current.all();
        return new LivePlan(current, name, overrides, new Computed(plans, plans.with(name, overrides)));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Swapped whole: comparing the contents would cost more than computing anew.
    public Plan get() {
        var plans = current.all();
        var known = computed;
        if (known.from() == plans) {
            return known.plan();
        }
        Plan plan;
        try {
            plan = plans.with(name, overrides);
        } catch (IllegalArgumentException e) {
            plan = known.plan(); // The next login is refused and logged; a live session keeps what it was given.
        }
        computed = new Computed(plans, plan);
        return plan;
    }
}
