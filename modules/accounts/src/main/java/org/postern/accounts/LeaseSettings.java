package org.postern.accounts;

import java.time.Duration;

/**
 * How a node proves that it lives.
 *
 * <p>A dead node's slots are free after {@code lease}. A node that has not renewed ends its sessions
 * {@code fenceMargin} before others stop counting them.
 *
 * @param nodeName shown to administrators; not unique
 * @param heartbeat how often the lease is renewed and live connections are checked against the database
 * @param lease at most {@link #MAX_LEASE}
 * @param fenceMargin how long sessions are given to end; more than a heartbeat must stay before it
 * @param handOver how long a login waits for a slot that another connection is told to leave: an idle session leaves at once
 * @param spare how long a slot stays with its node when its session has left it ({@link SpareSlots}); a login at a full cap
 *     waits twice as long for those of other nodes; at most {@link #MAX_SPARE}, zero keeps none
 */
public record LeaseSettings(
        String nodeName, Duration heartbeat, Duration lease, Duration fenceMargin, Duration handOver, Duration spare) {
    public static final Duration MAX_LEASE = Duration.ofSeconds(30);
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(25);
    public static final Duration DEFAULT_FENCE_MARGIN = Duration.ofSeconds(7);
    public static final Duration DEFAULT_HAND_OVER = Duration.ofSeconds(5);
    public static final Duration DEFAULT_SPARE = Duration.ofMillis(500);
    public static final Duration MAX_SPARE = Duration.ofSeconds(5);

    public LeaseSettings {
        if (heartbeat.isNegative() || heartbeat.isZero() || lease.compareTo(MAX_LEASE) > 0) {
            throw new IllegalArgumentException("a heartbeat is positive, a lease at most " + MAX_LEASE);
        }
        if (lease.minus(fenceMargin).compareTo(heartbeat.multipliedBy(2)) < 0) {
            throw new IllegalArgumentException("a lease less its fence margin must hold two heartbeats");
        }
        if (spare.isNegative() || spare.compareTo(MAX_SPARE) > 0) {
            throw new IllegalArgumentException("slots are spare for nothing to " + MAX_SPARE + "; found " + spare);
        }
    }

    public static LeaseSettings of(String nodeName) {
        return new LeaseSettings(
                nodeName, DEFAULT_HEARTBEAT, DEFAULT_LEASE, DEFAULT_FENCE_MARGIN, DEFAULT_HAND_OVER, DEFAULT_SPARE);
    }
}
