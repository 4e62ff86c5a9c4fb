package org.postern.accounts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an account or a mailbox has different from its plan: keys of the plan in {@code plans.yml}, levels joined by dots,
 * and their values as written there.
 *
 * @param byKey in the order in which they are laid over the plan
 */
public record Overrides(Map<String, String> byKey) {
    public static final Overrides NONE = new Overrides(Map.of());

    /** As the database keeps them, of {@link #keys} and {@link #values}. */
    static final String JSONB = "jsonb_object(?::text[], ?::text[])";

    public Overrides {
        byKey = Collections.unmodifiableMap(new LinkedHashMap<>(byKey));
    }

    /** @param settings {@code key=value}, later ones over earlier ones */
    static Overrides of(List<String> settings) {
        var byKey = new LinkedHashMap<String, String>();
        for (var setting : settings) {
            int equals = setting.indexOf('=');
            byKey.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new Overrides(byKey);
    }

    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    String[] keys() {
        return byKey.keySet().toArray(String[]::new);
    }

    String[] values() {
        return byKey.values().toArray(String[]::new);
    }
}
