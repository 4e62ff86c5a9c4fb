package org.postern.delivery.relay.mtasts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a domain demands of whoever sends to it (RFC 8461 §3.2).
 *
 * @param mx names of hosts, or {@code *.} in the place of one label
 * @param maxAge for which it holds
 */
public record Policy(Mode mode, List<String> mx, Duration maxAge) {
    /** RFC 8461 §3.2. */
    static final Duration LONGEST = Duration.ofHours(8_766);

    private static final int MAX_AGE_DIGITS = 10;
    private static final int MAX_HOSTS = 100;

    /** How it is meant. */
    public enum Mode {
        ENFORCE,
        /** Failures are to be noticed, not acted on. */
        TESTING,
        /** The domain has no policy any more. */
        NONE
    }

    public Policy {
        mx = List.copyOf(mx);
    }

    /** The policy that the text is; unknown keys are ignored, of a repeated one the first counts. */
    static Optional<Policy> parse(String text) {
        var version = Optional.<String>empty();
        var mode = Optional.<Mode>empty();
        var maxAge = Optional.<Duration>empty();
        var mx = new ArrayList<String>();
        for (var line : text.split("\r?\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                continue;
            }
            var value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip()) {
                case "version" -> version = version.or(() -> Optional.of(value));
                case "mode" -> mode = mode.or(() -> mode(value));
                case "max_age" -> maxAge = maxAge.or(() -> age(value));
                case "mx" -> mx.add(value.toLowerCase(Locale.ROOT));
                default -> {} // RFC 8461 §3.2: sts-policy-extension.
            }
        }
        boolean whole = version.equals(Optional.of("STSv1"))
                && mode.isPresent()
                && maxAge.isPresent()
                && mx.size() <= MAX_HOSTS
                && (!mx.isEmpty() || mode.get() == Mode.NONE);
        return whole ? Optional.of(new Policy(mode.get(), mx, maxAge.get())) : Optional.empty();
    }

    private static Optional<Mode> mode(String value) {
        return switch (value) {
            case "enforce" -> Optional.of(Mode.ENFORCE);
            case "testing" -> Optional.of(Mode.TESTING);
            case "none" -> Optional.of(Mode.NONE);
            default -> Optional.empty();
        };
    }

    private static Optional<Duration> age(String value) {
        if (value.isEmpty() || value.length() > MAX_AGE_DIGITS || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Math.min(Long.parseLong(value), LONGEST.toSeconds())));
    }

    /** Whether the domain knows the host (RFC 8461 §4.1). */
    public boolean names(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        int dot = name.indexOf('.');
        return mx.contains(name) || (dot > 0 && mx.contains('*' + name.substring(dot)));
    }
}
