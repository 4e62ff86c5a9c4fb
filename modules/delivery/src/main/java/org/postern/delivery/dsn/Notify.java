package org.postern.delivery.dsn;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Of what a sender wants to hear: RCPT's NOTIFY (RFC 3461 §4.1). Who says nothing hears of failures and of delays.
 *
 * @param keywords as on the wire, in capitals; {@code NEVER} alone, or any of the others
 */
public record Notify(Set<String> keywords) {
    private static final String NOTIFY = "NOTIFY";
    private static final Set<String> UNASKED = Set.of("FAILURE", "DELAY");

    public Notify {
        keywords = Set.copyOf(keywords);
    }

    /** @param parameters of RCPT */
    public static Notify of(Map<String, String> parameters) {
        return Optional.ofNullable(parameters.get(NOTIFY))
                .map(value -> new Notify(
                        Set.copyOf(List.of(value.toUpperCase(Locale.ROOT).split(",", -1)))))
                .orElse(new Notify(UNASKED));
    }

    public boolean wants(Action action) {
        return switch (action) {
            case FAILED -> keywords.contains("FAILURE");
            case DELAYED -> keywords.contains("DELAY");
            case RELAYED, DELIVERED -> keywords.contains("SUCCESS");
        };
    }
}
