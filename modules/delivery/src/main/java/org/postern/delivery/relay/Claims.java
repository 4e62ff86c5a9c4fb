package org.postern.delivery.relay;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Rhythm;
import org.postern.delivery.relay.RelayQueue.Claim;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews the leases of this node's claims, and knows which of them may still be relied on. */
final class Claims implements AutoCloseable {
    private static final int RENEWALS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final Database database;
    private final RelayQueue queue;
    private final long leaseNanos;
    /** When each claim was renewed last. */
    private final Map<Long, Long> renewed = new ConcurrentHashMap<>();

    private final Rhythm rhythm;

    Claims(Database database, RelayQueue queue, RelayLimits limits) {
        this.database = database;
        this.queue = queue;
        this.leaseNanos = limits.pace().lease().toNanos();
        this.rhythm = Rhythm.start("relay-leases", limits.pace().lease().dividedBy(RENEWALS), this::renew);
    }

    /** @param since when it was claimed at the latest, as {@link System#nanoTime} */
    void add(Claim claim, long since) {
        renewed.put(claim.id(), since);
    }

    void remove(Claim claim) {
        renewed.remove(claim.id());
    }

    /** Whether nobody else can have got what is claimed. */
    boolean holds(Claim claim) {
        var since = renewed.get(claim.id());
        return since != null && System.nanoTime() - since < leaseNanos;
    }

    private void renew() {
        if (renewed.isEmpty()) {
            return;
        }
        var mine = renewed.keySet().stream().toList();
        long before = System.nanoTime();
        try {
            var alive = database.<Set<Long>>once(tx -> queue.renew(tx, mine));
            for (var claim : mine) {
                renewed.computeIfPresent(claim, (id, last) -> alive.contains(id) ? Long.valueOf(before) : null);
            }
        } catch (DatabaseUnavailable e) {
            LOG.warn("the leases of {} claims are not renewed: {}", mine.size(), e.getMessage());
        }
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
