package org.postern.accounts;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.postern.model.Plan;
import org.postern.model.PlanName;

/**
 * All plans of the config, checked as a set.
 *
 * @param byName at least one; each under its own name
 */
public record Plans(Map<PlanName, Plan> byName) {
    /** More quotas than this would only slow every message. */
    public static final int MAX_QUOTAS = 16;

    /** @throws IllegalArgumentException with the plan and what is wrong with it */
    public Plans {
        byName = Map.copyOf(byName);
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one plan");
        }
        byName.forEach(Plans::check);
    }

    public Optional<Plan> find(PlanName name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<PlanName> names() {
        return byName.keySet();
    }

    private static void check(PlanName name, Plan plan) {
        if (!plan.name().equals(name)) {
            throw new IllegalArgumentException("plan " + name + " calls itself " + plan.name());
        }
        check(plan);
    }

    /** What must hold within one plan, overridden or not. */
    static void check(Plan plan) {
        var quotas = plan.sending().quotas();
        if (quotas.size() > MAX_QUOTAS) {
            throw new IllegalArgumentException("plan " + plan.name() + " has more than " + MAX_QUOTAS + " send quotas");
        }
        var windows = new HashSet<String>();
        for (var quota : quotas) {
            if (!windows.add(quota.subject() + " " + quota.window())) {
                throw new IllegalArgumentException("plan " + plan.name() + " has two send quotas for " + quota.subject()
                        + " and " + quota.window());
            }
        }
        if (plan.storageBytes() < 0 || plan.maxMessageBytes() < 1) {
            throw new IllegalArgumentException("plan " + plan.name() + " has a negative size");
        }
        int recipients = plan.sending().recipientsPerMessage();
        if (plan.sending().allowed() && (recipients < 1 || recipients > MAX_RECIPIENTS)) {
            throw new IllegalArgumentException(
                    "plan " + plan.name() + " allows " + recipients + " recipients; it must be 1 to " + MAX_RECIPIENTS);
        }
    }

    private static final int MAX_RECIPIENTS = 10_000;
}
