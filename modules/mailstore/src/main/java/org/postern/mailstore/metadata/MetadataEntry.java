package org.postern.mailstore.metadata;

import java.util.Locale;
import java.util.Optional;

/**
 * An annotation's name, such as {@code /private/comment} (RFC 5464 §3.2).
 *
 * @param name in lower case: names are one without regard to case
 */
public record MetadataEntry(String name) implements Comparable<MetadataEntry> {
    public static final int MAX_LENGTH = 255;
    private static final String PRIVATE = "/private/";
    private static final String SHARED = "/shared/";
    private static final String VENDOR = "vendor/";

    public MetadataEntry {
        name = name.toLowerCase(Locale.ROOT);
        var problem = problemOf(name);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
    }

    /** Why the text is no entry's name, in words a client's author can be shown; empty when it is one. */
    public static Optional<String> problemOf(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (text.length() > MAX_LENGTH) {
            return Optional.of("An entry name has at most " + MAX_LENGTH + " characters");
        }
        if (!lower.startsWith(PRIVATE) && !lower.startsWith(SHARED)) {
            return Optional.of("An entry name begins with /private/ or /shared/");
        }
        if (!text.chars().allMatch(c -> c > 0x19 && c < 0x7F && c != '*' && c != '%')) {
            return Optional.of("An entry name is ASCII without control characters, * and %");
        }
        if (text.contains("//") || text.endsWith("/")) {
            return Optional.of("An entry name has no empty component");
        }
        // "/private/vendor/<token>/<name>" at least.
        boolean vendor = lower.startsWith(VENDOR, lower.indexOf('/', 1) + 1);
        if (vendor && text.chars().filter(c -> c == '/').count() < 4) {
            return Optional.of("A vendor's entry name has at least 4 components");
        }
        return Optional.empty();
    }

    /** Whether each user has a value of his own, which no other can read. */
    public boolean isPrivate() {
        return name.startsWith(PRIVATE);
    }

    /** How many components below {@code above} it is: 0 for the same entry, empty when it is not below it. */
    public Optional<Integer> depthBelow(MetadataEntry above) {
        if (equals(above)) {
            return Optional.of(0);
        }
        return name.startsWith(above.name + '/')
                ? Optional.of((int) name.chars()
                        .skip(above.name.length())
                        .filter(c -> c == '/')
                        .count())
                : Optional.empty();
    }

    @Override
    public int compareTo(MetadataEntry other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
