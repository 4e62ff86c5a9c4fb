package org.postern.accounts;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.ConnectionCap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The slots of this node from when they are opened until they are freed: of live connections, spare, or waiting for the database. */
final class HeldSlots {
    private static final Logger LOG = LoggerFactory.getLogger(HeldSlots.class);

    private final ConnectionSlots slots;
    private final SpareSlots spare;
    /** Live and spare ones; one that is being taken over stays in. */
    private final Set<Long> held = ConcurrentHashMap.newKeySet();
    /** To be freed at the next heartbeat. */
    private final Set<Long> unreleased = ConcurrentHashMap.newKeySet();

    HeldSlots(ConnectionSlots slots, SpareSlots spare) {
        this.slots = slots;
        this.spare = spare;
    }

    /** Whether a slot is a live connection's or spare. */
    boolean has(long connection) {
        return held.contains(connection);
    }

    void add(long connection) {
        held.add(connection);
    }

    /** A slot that the holder may go on with; whoever takes it uses it or frees it. */
    OptionalLong takeSpare(SlotHolder holder) {
        return spare.take(holder);
    }

    /** A session is over, its slot spare or free. */
    void leave(long connection, SlotHolder holder) {
        if (!spare.keep(connection, holder)) {
            free(connection);
        }
    }

    /** Frees the spare slots that count with this holder's; false when there are none. */
    boolean freeSpare(SlotHolder holder, ConnectionCap.Per per) {
        var left = spare.takeAll(other -> other.countsWith(holder, per));
        free(left);
        return !left.isEmpty();
    }

    /** Frees the slots that have been spare for long enough. */
    void freeOldSpare() {
        free(spare.takeOld());
    }

    void free(long connection) {
        free(List.of(connection));
    }

    private void free(Collection<Long> connections) {
        if (connections.isEmpty()) {
            return;
        }
        held.removeAll(connections);
        try {
            slots.close(connections);
        } catch (DatabaseUnavailable e) {
            unreleased.addAll(connections);
            LOG.atWarn().addKeyValue("connections", connections).log("slots are freed later: {}", e.getMessage());
        }
    }

    /** For when the database is away, or nobody can wait for it. */
    void freeLater(long connection) {
        held.remove(connection);
        unreleased.add(connection);
    }

    /** @throws DatabaseUnavailable they wait on */
    void freeUnreleased() {
        var ids = Set.copyOf(unreleased);
        if (!ids.isEmpty()) {
            slots.close(ids);
            unreleased.removeAll(ids);
        }
    }
}
