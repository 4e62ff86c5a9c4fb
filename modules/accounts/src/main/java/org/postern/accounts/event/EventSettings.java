package org.postern.accounts.event;

import java.time.Duration;
import java.util.Optional;

/**
 * What becomes of events.
 *
 * @param retention how long they are kept
 * @param webhook who is told of them, if anybody
 */
public record EventSettings(Duration retention, Optional<WebhookSettings> webhook) {
    public static final EventSettings DEFAULT = new EventSettings(Duration.ofDays(90), Optional.empty());

    /** Whether the webhook is to tell an event. */
    public boolean tells(String caseName) {
        return webhook.isPresent() && webhook.get().tells(caseName);
    }
}
