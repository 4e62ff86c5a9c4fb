package org.postern.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A value of a YAML file that remembers where it stands. */
sealed interface Node {
    Position at();

    /** @param text as written, quotes removed; empty when {@code kind} is {@link Kind#NOTHING} */
    record Scalar(Position at, String text, Kind kind) implements Node {}

    /** What a plain scalar looks like to YAML. */
    enum Kind {
        TEXT,
        NUMBER,
        TRUTH,
        NOTHING
    }

    record Listing(Position at, List<Node> items) implements Node {
        public Listing {
            items = List.copyOf(items);
        }
    }

    /** @param entries in the order of the file */
    record Mapping(Position at, Map<String, Entry> entries) implements Node {
        static Mapping empty() {
            return new Mapping(Position.NOWHERE, Map.of());
        }

        /** The same with the mapping behind one key changed, if there is one. */
        Mapping with(String key, UnaryOperator<Mapping> change) {
            var entry = entries.get(key);
            if (entry == null || !(entry.value() instanceof Mapping mapping)) {
                return this;
            }
            var changed = new LinkedHashMap<>(entries);
            changed.put(key, new Entry(entry.keyAt(), change.apply(mapping)));
            return new Mapping(at, changed);
        }

        /** All entries but one. */
        Mapping without(String key) {
            var others = new LinkedHashMap<>(entries);
            others.remove(key);
            return new Mapping(at, others);
        }

        /** These entries laid over those of {@code below}; mappings in both are laid over each other. */
        Mapping over(Mapping below) {
            var all = new LinkedHashMap<>(below.entries);
            entries.forEach((key, entry) -> {
                var under = below.entries.get(key);
                if (under != null && under.value() instanceof Mapping low && entry.value() instanceof Mapping high) {
                    all.put(key, new Entry(entry.keyAt(), high.over(low)));
                } else {
                    all.put(key, entry);
                }
            });
            return new Mapping(at, all);
        }
    }

    record Entry(Position keyAt, Node value) {}
}
