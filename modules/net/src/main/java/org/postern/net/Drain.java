package org.postern.net;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Ends listeners: no new connections, a friendly end for each running one, then force. Bounded at every step. */
final class Drain {
    /** For sockets to close, and sessions to notice, after they were made to. */
    private static final Duration FORCED = Duration.ofSeconds(3);

    private final List<Listener> listeners;

    private Drain(List<Listener> listeners) {
        this.listeners = listeners;
    }

    static void of(List<Listener> listeners, Duration deadline) {
        var drain = new Drain(listeners);
        listeners.forEach(Listener::stopAccepting);
        if (deadline.isPositive()) {
            drain.each(wire -> wire.drain(deadline));
            drain.awaitGone(deadline);
        }
        drain.each(Wire::abort);
        drain.awaitGone(FORCED);
        // A session that neither reads nor writes does not notice: it computes, or waits for the database.
        drain.each(Wire::interruptSession);
        drain.awaitGone(FORCED);
    }

    private void each(Consumer<Wire> what) {
        listeners.forEach(listener -> listener.wires().forEach(what));
    }

    private void awaitGone(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        for (var listener : listeners) {
            var wires = listener.wires();
            synchronized (wires) {
                Supplier<Long> left = () -> (deadline - System.nanoTime() + 999_999) / 1_000_000;
                try {
                    while (!wires.isEmpty() && left.get() > 0) {
                        wires.wait(left.get());
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return; // Whoever interrupts a drain wants it to go on with force.
                }
            }
        }
    }
}
