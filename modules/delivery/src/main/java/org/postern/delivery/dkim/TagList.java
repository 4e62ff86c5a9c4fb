package org.postern.delivery.dkim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code tag-list}: what signatures, key records and DMARC policies are written in (RFC 6376 §3.2). */
public final class TagList {
    private final Map<String, String> tags;

    private TagList(Map<String, String> tags) {
        this.tags = tags;
    }

    /** Empty for a text that is none: a tag without name or value sign, or one that is there twice. */
    public static Optional<TagList> parse(String text) {
        var tags = new LinkedHashMap<String, String>();
        for (var spec : text.split(";", -1)) {
            if (spec.isBlank()) {
                continue;
            }
            int equals = spec.indexOf('=');
            var name = equals < 0 ? "" : spec.substring(0, equals).strip();
            if (!isName(name) || tags.put(name, spec.substring(equals + 1).strip()) != null) {
                return Optional.empty();
            }
        }
        return Optional.of(new TagList(tags));
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && isLetter(name.charAt(0))
                && name.chars().allMatch(c -> isLetter(c) || (c >= '0' && c <= '9') || c == '_');
    }

    private static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The value without white space around it. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(tags.get(name));
    }

    /** The value without any white space: base64, lists. */
    public Optional<String> compact(String name) {
        return get(name).map(value -> value.replaceAll("[ \t\r\n]", ""));
    }

    /** Whether it begins with that tag and value: a version's place (RFC 6376 §3.6.1, RFC 7489 §6.3). */
    public boolean beginsWith(String name, String value) {
        return tags.entrySet().stream()
                .findFirst()
                .filter(first -> first.getKey().equals(name) && first.getValue().equals(value))
                .isPresent();
    }
}
