package org.postern.delivery.relay.client;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the other host's EHLO offers (RFC 5321 §4.1.1.1).
 *
 * @param keywords in capitals, with the rest of their line
 */
record Capabilities(Map<String, String> keywords) {
    private static final int MAX_DIGITS = 18;

    static final Capabilities NONE = new Capabilities(Map.of());

    /** @param lines of the reply to EHLO; the first one greets */
    static Capabilities of(List<String> lines) {
        var keywords = new HashMap<String, String>();
        for (var line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            int blank = line.indexOf(' ');
            var keyword = blank < 0 ? line : line.substring(0, blank);
            keywords.put(
                    keyword.toUpperCase(Locale.ROOT),
                    blank < 0 ? "" : line.substring(blank + 1).strip());
        }
        return new Capabilities(Map.copyOf(keywords));
    }

    boolean offers(String keyword) {
        return keywords.containsKey(keyword);
    }

    /** The largest message that is taken, where SIZE says so (RFC 1870 §4). */
    OptionalLong maxSize() {
        return number(keywords.getOrDefault("SIZE", ""));
    }

    /** LIMITS (RFC 9422 §4): {@code RCPTMAX}, {@code MAILMAX}. */
    OptionalLong limit(String name) {
        for (var limit : keywords.getOrDefault("LIMITS", "").split(" ", -1)) {
            if (limit.toUpperCase(Locale.ROOT).startsWith(name + '=')) {
                return number(limit.substring(name.length() + 1));
            }
        }
        return OptionalLong.empty();
    }

    boolean offersAuth(String mechanism) {
        return Optional.ofNullable(keywords.get("AUTH"))
                .map(mechanisms -> List.of(mechanisms.toUpperCase(Locale.ROOT).split(" +", -1)))
                .filter(all -> all.contains(mechanism))
                .isPresent();
    }

    /** Zero means that there is no limit. */
    private static OptionalLong number(String text) {
        boolean digits =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long value = digits ? Long.parseLong(text) : 0;
        return value == 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
