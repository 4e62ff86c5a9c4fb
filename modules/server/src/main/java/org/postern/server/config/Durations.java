package org.postern.server.config;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** A length of time as people write it: {@code 250ms}, {@code 10s}, {@code 30m}, {@code 24h}, {@code 90d}. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9})\\s?(ms|s|m|h|d)");

    private Durations() {}

    /** The shortest text of it: whole milliseconds in the largest unit that fits. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        for (var unit : Unit.values()) {
            if (millis % unit.millis == 0 && millis >= unit.millis) {
                return millis / unit.millis + unit.name().toLowerCase(Locale.ROOT);
            }
        }
        return millis + "ms";
    }

    private enum Unit {
        D(86_400_000),
        H(3_600_000),
        M(60_000),
        S(1_000);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }

    /** @throws IllegalArgumentException when the text is none */
    public static Duration parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a duration");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
