package org.postern.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
