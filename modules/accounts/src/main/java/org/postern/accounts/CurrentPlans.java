package org.postern.accounts;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.postern.model.Plan;
import org.postern.model.PlanName;

/** The plans in force on this node, swapped whole when the config is reloaded. Live sessions see the new ones at once. */
public final class CurrentPlans {
    private final AtomicReference<Plans> plans;

    public CurrentPlans(Plans plans) {
        this.plans = new AtomicReference<>(plans);
    }

    public Plans all() {
        return plans.get();
    }

    /** The plan as configured, without any account's or mailbox's overrides: see {@link Entitlements}. */
    public Optional<Plan> find(PlanName name) {
        return all().find(name);
    }

    public void replace(Plans newer) {
        plans.set(newer);
    }
}
