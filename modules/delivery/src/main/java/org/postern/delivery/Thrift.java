package org.postern.delivery;

import java.util.function.LongSupplier;

/**
 * Does a chore whose cost grows with the queue so seldom that it takes one part in {@link #SHARE} of the time at most: a million waiting
 * recipients take most of a second to count. One thread.
 */
final class Thrift {
    static final int SHARE = 100;

    private final LongSupplier nanos;
    private boolean done;
    private long due;

    /** @param nanos such as {@link System#nanoTime} */
    Thrift(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Does it now, or leaves it for another time. What fails is not put off. */
    void run(Runnable chore) {
        long start = nanos.getAsLong();
        if (done && start - due < 0) {
            return;
        }
        chore.run();
        long end = nanos.getAsLong();
        done = true;
        due = start + (end - start) * SHARE;
    }
}
