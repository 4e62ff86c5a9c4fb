package org.postern.delivery.inbound;

import java.time.Duration;

/** When looking at a message is to be over, by {@link System#nanoTime}. */
record Deadline(long nanos) {
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Negative when it has passed. */
    Duration left() {
        return Duration.ofNanos(nanos - System.nanoTime());
    }
}
