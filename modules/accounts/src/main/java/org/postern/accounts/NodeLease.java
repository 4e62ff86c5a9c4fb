package org.postern.accounts;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.postern.database.Database;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's lease: the proof to all others that its connections count.
 *
 * <p>Its own deadline is reckoned from before it asked, on a clock that never jumps, and lies
 * {@link LeaseSettings#fenceMargin} before the lease's end: from the deadline on nothing here is done with any
 * connection, so nobody stops counting one that still works. A renewal counts only when its answer came before the old
 * deadline: one that committed later was invisible to somebody who may have stopped counting.
 */
final class NodeLease {
    /** How many leases long a dead node's rows are kept; they count no more as soon as the lease is over. */
    private static final int SWEEP_AFTER_LEASES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);

    private final Database database;
    private final LeaseSettings settings;
    private final Runnable onLapse;
    private final UUID node = UUID.randomUUID();

    /** {@link System#nanoTime} until which all that is live is counted by everybody. */
    private volatile long deadline = System.nanoTime();

    /** What the database says to a renewal. */
    enum Answer {
        RENEWED,
        /** The lease runs, but a crash has emptied the unlogged tables: what is live must be registered again. */
        MISSING,
        /** Others may have stopped counting: what was live ends. */
        EXPIRED
    }

    /** @param onLapse called when a new lease is taken over too late for what was live under the old one */
    NodeLease(Database database, LeaseSettings settings, Runnable onLapse) {
        this.database = database;
        this.settings = settings;
        this.onLapse = onLapse;
    }

    UUID node() {
        return node;
    }

    /** Whether this node may not serve anybody now. */
    boolean hasLapsed() {
        return System.nanoTime() - deadline >= 0;
    }

    Answer renew() {
        long asked = System.nanoTime();
        var said = database.once(tx ->
                tx.one("SELECT renew_lease(?, ?::interval)", row -> row.text(1), node, interval(settings.lease())));
        return switch (said) {
            case "renewed" -> {
                extend(asked);
                yield Answer.RENEWED;
            }
            case "missing" -> Answer.MISSING;
            case "expired" -> Answer.EXPIRED;
            default -> throw new IllegalStateException("renew_lease said " + said);
        };
    }

    /** Takes a new lease; these connections, and no others, are what the database has of this node when it returns. */
    void register(List<Access> held) {
        long asked = System.nanoTime();
        database.once(tx -> tx.one(
                "SELECT register_node(?, ?, ?::interval, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> true,
                node,
                settings.nodeName(),
                interval(settings.lease()),
                longs(held, access -> access.id().value()),
                longs(held, access -> access.mailbox().value()),
                longs(held, access -> access.token().value()),
                texts(held, access -> access.protocol().lowerCase()),
                texts(held, access -> access.client().toString()),
                texts(held, access -> access.client().network().toString()),
                exempts(held),
                texts(held, Access::sessionId)));
        extend(asked);
    }

    /** Takes the new lease over; what was live when somebody can have stopped counting ends first. */
    private void extend(long asked) {
        if (hasLapsed()) {
            onLapse.run();
        }
        deadline = asked + settings.lease().minus(settings.fenceMargin()).toNanos();
    }

    /** Gives the lease back: the slots are free at once. */
    void leave() {
        var channel = AccessEnd.channel(database.settings().cell());
        database.once(tx -> tx.one("SELECT leave_node(?, ?)", row -> true, node, channel));
    }

    /** Clears away what nodes left behind that died long ago. */
    void sweepDead() {
        int swept = database.once(tx -> tx.one(
                "SELECT sweep_nodes(?::interval)",
                row -> row.intValue(1),
                interval(settings.lease().multipliedBy(SWEEP_AFTER_LEASES))));
        if (swept > 0) {
            LOG.info("swept away what {} dead nodes left behind", swept);
        }
    }

    static String interval(Duration duration) {
        return duration.toNanos() / 1_000 + " microseconds";
    }

    private static long[] longs(List<Access> held, ToLongFunction<Access> number) {
        return held.stream().mapToLong(number).toArray();
    }

    private static String[] texts(List<Access> held, Function<Access, String> text) {
        return held.stream().map(text).toArray(String[]::new);
    }

    private static boolean[] exempts(List<Access> held) {
        var exempts = new boolean[held.size()];
        int i = 0;
        for (var access : held) {
            exempts[i++] = access.holder().exempt();
        }
        return exempts;
    }
}
