package org.postern.model;

/** One registered connection of a client, cluster-wide. */
public record ConnectionId(long value) {
    public ConnectionId {
        if (value <= 0) {
            throw new IllegalArgumentException("ConnectionId must be positive: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
