package org.postern.accounts;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.postern.model.Plan;
import org.postern.model.PlanName;

/**
 * All plans of the config, checked as a set.
 *
 * @param byName at least one; each under its own name
 * @param overriding lays overrides over one of them
 */
public record Plans(Map<PlanName, Plan> byName, Overriding overriding) {
    /** Lays overrides over a plan: only the config knows what its keys mean. */
    @FunctionalInterface
    public interface Overriding {
        /** @throws IllegalArgumentException with the override that does not fit the plan */
        Plan apply(Plan plan, Overrides overrides);
    }

    /** @throws IllegalArgumentException with the plan and what is wrong with it */
    public Plans {
        byName = Map.copyOf(byName);
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one plan");
        }
        byName.forEach((name, plan) -> {
            if (!plan.name().equals(name)) {
                throw new IllegalArgumentException("plan " + name + " calls itself " + plan.name());
            }
        });
    }

    /** Plans that nobody has anything different from. */
    public Plans(Map<PlanName, Plan> byName) {
        this(byName, (plan, overrides) -> {
            throw new IllegalArgumentException("plan " + plan.name() + " takes no overrides");
        });
    }

    public Optional<Plan> find(PlanName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * A plan with overrides laid over it.
     *
     * @throws IllegalArgumentException when there is no such plan, or an override does not fit it
     */
    Plan with(PlanTerms terms) {
        return with(terms.plan(), terms.overrides());
    }

    /** The same, by parts. */
    public Plan with(PlanName name, Overrides overrides) {
        var plan = find(name).orElseThrow(() -> new IllegalArgumentException("the config has no plan " + name));
        return overrides.isEmpty() ? plan : overriding.apply(plan, overrides);
    }

    /** The longest delay between POP3 logins that any plan asks for; empty when none does. */
    public Optional<Duration> longestLoginDelay() {
        return byName.values().stream()
                .flatMap(plan -> plan.pop3().loginDelay().stream())
                .max(Comparator.naturalOrder());
    }

    public Collection<PlanName> names() {
        return byName.keySet();
    }
}
