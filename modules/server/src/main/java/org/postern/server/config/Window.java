package org.postern.server.config;

import java.time.Duration;
import org.postern.model.SendQuota;

/** The window of a send quota, as the key above what it allows: {@code 1m}, {@code 1h}, {@code 24h}. */
record Window(Duration length) {
    /** @throws IllegalArgumentException when the text is none */
    static Window of(String text) {
        var length = Durations.parse(text);
        if (length.compareTo(SendQuota.MIN_WINDOW) < 0 || length.compareTo(SendQuota.MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("not a window");
        }
        return new Window(length);
    }
}
