package org.postern.net;

import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes one session at its deadline. Deadlines mostly move on with each command, so a timer stays as it is set, and sets itself
 * again when it goes off and finds time left: to begin a wait costs a comparison. (The virtual threads' own timers wake a
 * thread for each wait that begins and for each that ends: a sixteenth of the processor time of a login.)
 */
final class Alarm {
    private final Timer timer;
    private final Runnable wake;
    private @Nullable Timeout set;
    private long setFor;
    private long due;

    /** @param timer as exact as waits are */
    Alarm(Timer timer, Runnable wake) {
        this.timer = timer;
        this.wake = wake;
    }

    /**
     * Wakes then, and no more at what was asked for before. Never blocks.
     *
     * @param deadline of {@link System#nanoTime}
     */
    synchronized void at(long deadline) {
        due = deadline;
        if (set == null || setFor - deadline > 0) {
            off();
            set(deadline);
        }
    }

    private void set(long when) {
        setFor = when;
        set = timer.newTimeout(this::goesOff, Math.max(0, when - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    @SuppressWarnings("ReferenceEquality") // The one that is set, or an older one.
    private synchronized void goesOff(Timeout gone) {
        if (gone != set) {
            return; // Cancelled too late.
        }
        set = null;
        if (due - System.nanoTime() > 0) {
            set(due);
        } else {
            wake.run();
        }
    }

    /** Nobody waits any more: the timer holds on to nothing. */
    synchronized void off() {
        if (set != null) {
            set.cancel();
            set = null;
        }
    }
}
