package org.postern.net;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.model.ClientAddress;

/** Counts a node's connections, and the strangers of each client network among them. Never blocks. */
final class Admission {
    /** The second in the upper bits, refusals spoken in it in the lower: one word, so that one CAS counts. */
    private static final int SPOKEN_BITS = 24;

    private final NetLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final ConcurrentHashMap<ClientAddress, Integer> strangers = new ConcurrentHashMap<>();
    private final AtomicLong spoken = new AtomicLong();

    Admission(NetLimits limits) {
        this.limits = limits;
    }

    /** Takes a place on the node and one among its network's strangers; false takes neither. */
    boolean enter(ClientAddress client) {
        if (open.incrementAndGet() > limits.connections()) {
            open.decrementAndGet();
            return false;
        }
        int max = limits.unauthenticatedPerNetwork();
        var full = new boolean[1];
        strangers.compute(client.network(), (network, count) -> {
            int now = count == null ? 0 : count;
            full[0] = now >= max;
            return full[0] ? now : now + 1;
        });
        if (full[0]) {
            open.decrementAndGet();
        }
        return !full[0];
    }

    /** No longer a stranger. */
    void known(ClientAddress client) {
        strangers.computeIfPresent(client.network(), (network, count) -> count == 1 ? null : count - 1);
    }

    /** Gives back the place on the node. */
    void leave() {
        open.decrementAndGet();
    }

    /** Whether one more refusal may be explained this second; a flood is refused without a word. */
    boolean maySpeak() {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        while (true) {
            long before = spoken.get();
            long count = before >> SPOKEN_BITS == second ? before & ((1L << SPOKEN_BITS) - 1) : 0;
            if (count >= limits.spokenRefusalsPerSecond()) {
                return false;
            }
            if (spoken.compareAndSet(before, (second << SPOKEN_BITS) | (count + 1))) {
                return true;
            }
        }
    }

    int open() {
        return open.get();
    }
}
