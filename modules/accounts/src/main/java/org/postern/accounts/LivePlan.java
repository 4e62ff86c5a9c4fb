package org.postern.accounts;

import java.util.function.Supplier;
import org.postern.model.Plan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's plan, which follows a reload of the config and a change of its terms. When the new ones are of no use, the
 * old plan stays: the next login is refused and logged, a live session keeps what it was given.
 */
final class LivePlan implements Supplier<Plan> {
    private static final Logger LOG = LoggerFactory.getLogger(LivePlan.class);

    private final CurrentPlans current;
    private volatile Computed computed;

    private record Computed(Plans from, PlanTerms terms, Plan plan) {}

    private LivePlan(CurrentPlans current, Computed computed) {
        this.current = current;
        this.computed = computed;
    }

    /** @throws IllegalArgumentException when there is no such plan, or an override does not fit it */
    static LivePlan of(CurrentPlans current, PlanTerms terms) {
        var plans = current.all();
        return new LivePlan(current, new Computed(plans, terms, plans.with(terms)));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Swapped whole: comparing the contents would cost more than computing anew.
    public Plan get() {
        var plans = current.all();
        var known = computed;
        return known.from() == plans ? known.plan() : reloaded(plans);
    }

    private synchronized Plan reloaded(Plans plans) {
        return compute(plans, computed.terms());
    }

    /** From now on under other terms. */
    synchronized void become(PlanTerms terms) {
        compute(current.all(), terms);
    }

    private Plan compute(Plans plans, PlanTerms terms) {
        var plan = computed.plan();
        try {
            plan = plans.with(terms);
        } catch (IllegalArgumentException e) {
            LOG.warn("a live session keeps its plan {}: {}", plan.name(), e.getMessage());
        }
        computed = new Computed(plans, terms, plan);
        return plan;
    }
}
