package org.postern.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.database.Rhythm;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionId;
import org.postern.model.Plan;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's admitted connections, counted with all other nodes' in the database.
 *
 * <p>The node holds a lease. Its own deadline is reckoned from before it asked for the lease, on a clock that never
 * jumps, and lies {@link LeaseSettings#fenceMargin} before the lease's end: at the deadline all accesses end, so nobody
 * stops counting a connection that still works. A renewal counts only when its answer came before the old deadline:
 * one that committed later was invisible to somebody who may have stopped counting.
 */
public final class ConnectionRegistry implements AutoCloseable {
    /** No statement that opens a connection lives this long: a row that is older and unknown here is nobody's. */
    private static final Duration SETTLED = Duration.ofSeconds(30);

    /** Between two heartbeats that logins ask for. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

    /** How many leases long a dead node's rows are kept; they count no more as soon as the lease is over. */
    private static final int SWEEP_AFTER_LEASES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionRegistry.class);

    private final Database database;
    private final LeaseSettings settings;
    private final AccountsMeters meters;
    private final UUID node = UUID.randomUUID();
    private final ConcurrentMap<Long, Access> live = new ConcurrentHashMap<>();
    private final Set<Long> unreleased = ConcurrentHashMap.newKeySet();
    private final RecentEnds recentEnds = new RecentEnds();
    private final ReentrantLock beating = new ReentrantLock();

    /** {@link System#nanoTime} until which all that is live is counted by everybody. */
    private volatile long deadline;

    /** Grows before and after each registration, so odd means under way: see {@link #open} and {@link #admit}. */
    private final AtomicInteger registrations = new AtomicInteger();

    /** Guarded by {@link #beating}. */
    private long lastBeat = System.nanoTime();

    private volatile boolean closing;
    private final Rhythm heart;
    private final Rhythm fence;

    private record Opened(String result, long id, int openNow) {}

    private ConnectionRegistry(Database database, LeaseSettings settings, AccountsMeters meters) {
        this.database = database;
        this.settings = settings;
        this.meters = meters;
        register();
        this.heart = Rhythm.start("lease", settings.heartbeat(), this::beat);
        this.fence = Rhythm.start("fence", settings.fenceMargin().dividedBy(4), this::fenceWhenLapsed);
    }

    /**
     * Registers a new node.
     *
     * @param notifications over which ends of access are heard; a lost one is made up for at the next heartbeat
     * @throws DatabaseUnavailable nothing was registered
     */
    public static ConnectionRegistry start(
            Database database, Notifications notifications, LeaseSettings settings, AccountsMeters meters) {
        var registry = new ConnectionRegistry(database, settings, meters);
        notifications.on(AccessEnd.channel(database.settings().cell()), registry.new Ear());
        return registry;
    }

    /** This node's id in the table of nodes. */
    public UUID node() {
        return node;
    }

    /** How many connections this node has admitted and not closed yet. */
    public int size() {
        return live.size();
    }

    /** Whether this node may not serve anybody now: its lease may be over. */
    public boolean hasLapsed() {
        return System.nanoTime() - deadline >= 0;
    }

    /** From when on a login must hear of ends that happen while it is decided. */
    long mark() {
        return recentEnds.mark();
    }

    /**
     * Admits a connection when its cap allows: one round trip.
     *
     * @param mark from {@link #mark}, taken before it was asked whether {@code who} may be here
     * @throws DatabaseUnavailable when that is not known; a slot that was taken all the same is found and freed
     */
    Admission open(
            long mark, Identity who, LoginAttempt attempt, boolean exempt, ConnectionCap cap, Supplier<Plan> plan) {
        var admission = tryOpen(mark, who, attempt, exempt, cap, plan);
        if (admission instanceof Admission.NotReady && !closing) {
            beatSoon(); // After a crash of the database the first login, not the next heartbeat, sets things right.
            admission = tryOpen(mark, who, attempt, exempt, cap, plan);
        }
        return admission;
    }

    private Admission tryOpen(
            long mark, Identity who, LoginAttempt attempt, boolean exempt, ConnectionCap cap, Supplier<Plan> plan) {
        int registration = registrations.get();
        if (closing || hasLapsed() || isUnderWay(registration)) {
            return new Admission.NotReady();
        }
        var row = insert(who, attempt, exempt, cap);
        return switch (row.result()) {
            case "opened" -> {
                var access = new Access(new ConnectionId(row.id()), who, attempt, exempt, plan, this);
                yield admit(access, registration, mark);
            }
            case "network-cap" -> new Admission.CapReached(row.openNow(), true);
            case "mailbox-cap" -> new Admission.CapReached(row.openNow(), false);
            case "not-ready" -> new Admission.NotReady();
            default -> throw new IllegalStateException("open_connection said " + row.result());
        };
    }

    private Opened insert(Identity who, LoginAttempt attempt, boolean exempt, ConnectionCap cap) {
        return database.once(tx -> tx.one(
                "SELECT result, opened, open_now FROM open_connection(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> new Opened(row.text(1), row.optionalLong(2).orElse(0), (int)
                        row.optionalLong(3).orElse(0)),
                node,
                who.mailbox().value(),
                who.token().value(),
                attempt.protocol().lowerCase(),
                attempt.client().inet(),
                attempt.client().network().inet(),
                exempt,
                attempt.sessionId(),
                cap.perClientAddress(),
                cap.perMailbox()));
    }

    /**
     * The row was committed before the connection was known here. A registration that began in between may have deleted
     * it (one that began later has collected it), and an end that was heard in between found nobody: both are looked for now that nothing can be missed.
     */
    private Admission admit(Access access, int registration, long mark) {
        live.put(access.id().value(), access);
        meters.opened(access.plan().name(), access.protocol());
        if (registrations.get() != registration || closing || hasLapsed()) {
            access.close();
            return new Admission.NotReady();
        }
        if (recentEnds.endedSince(mark, access)) {
            access.close();
            return new Admission.Ended();
        }
        return new Admission.Admitted(access);
    }

    /** Called once by {@link Access#close}. */
    void release(Access access) {
        live.remove(access.id().value());
        meters.closed(access.plan().name(), access.protocol());
        if (hasLapsed()) {
            unreleased.add(
                    access.id().value()); // The database is away: its client hears so now, the slot is freed later.
            return;
        }
        try {
            delete(Set.of(access.id().value()));
        } catch (DatabaseUnavailable e) {
            unreleased.add(access.id().value());
            LOG.atWarn().addKeyValue("session", access.sessionId()).log("a slot is freed later: {}", e.getMessage());
        }
    }

    private void delete(Collection<Long> ids) {
        var array = ids.stream().mapToLong(Long::longValue).toArray();
        database.once(
                tx -> tx.update("DELETE FROM connection WHERE node_id = ? AND connection_id = ANY (?)", node, array));
    }

    /** A heartbeat now, unless there was one a moment ago: many logins may wait for the same one. */
    private void beatSoon() {
        beating.lock();
        try {
            if (System.nanoTime() - lastBeat >= SHORTEST_PAUSE.toNanos()) {
                beat();
            }
        } finally {
            beating.unlock();
        }
    }

    /** One heartbeat: the lease first, for it cannot wait; then what the database says of our connections. */
    void beat() {
        beating.lock();
        try {
            if (closing) {
                return;
            }
            lastBeat = System.nanoTime();
            renew();
            check();
            freeUnreleased();
            sweep();
        } catch (DatabaseUnavailable e) {
            LOG.warn("heartbeat of node {} failed: {}", settings.nodeName(), e.getMessage());
        } finally {
            beating.unlock();
        }
    }

    private void renew() {
        long asked = System.nanoTime();
        var said = database.once(tx ->
                tx.one("SELECT renew_lease(?, ?::interval)", row -> row.text(1), node, interval(settings.lease())));
        switch (said) {
            case "renewed" -> extend(asked);
            case "missing" -> {
                LOG.info("the database has lost its unlogged tables; registering {} connections again", live.size());
                register();
            }
            case "expired" -> {
                endAll(new Refusal.Unavailable());
                register();
            }
            default -> throw new IllegalStateException("renew_lease said " + said);
        }
    }

    /** What is live here, and nothing else, is what the database has when this returns. */
    private void register() {
        registrations.incrementAndGet(); // Before collecting.
        try {
            long asked = System.nanoTime();
            var held = new ArrayList<>(live.values());
            register(held);
            extend(asked);
            for (var access : held) {
                if (!live.containsKey(access.id().value())) {
                    unreleased.add(access.id().value()); // Closed while its row was on the way.
                }
            }
        } finally {
            registrations.incrementAndGet();
        }
    }

    private static boolean isUnderWay(int registration) {
        return (registration & 1) == 1;
    }

    private void register(List<Access> held) {
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
    }

    /** Takes the new lease over; if somebody can have stopped counting before it was there, all that was live ends. */
    private void extend(long asked) {
        fenceWhenLapsed();
        deadline = asked + settings.lease().minus(settings.fenceMargin()).toNanos();
    }

    private void fenceWhenLapsed() {
        if (hasLapsed() && !live.isEmpty()) {
            endAll(new Refusal.Unavailable());
        }
    }

    private void endAll(Refusal why) {
        if (!live.isEmpty()) {
            LOG.warn("node {} ends its {} connections: {}", settings.nodeName(), live.size(), why.caseName());
        }
        live.values().forEach(access -> access.end(why));
    }

    private record Checked(long id, boolean settled, boolean allowed) {}

    /** Ends what may be here no more, frees what nobody has, registers what somebody else has removed. */
    private void check() {
        var before = new HashSet<>(live.keySet());
        var rows = database.once(tx ->
                tx.list("""
                SELECT c.connection_id,
                       c.opened_at < clock_timestamp() - ?::interval AS settled,
                       NOT c.kicked AND t.token_id IS NOT NULL
                       AND t.revoked_at IS NULL AND coalesce(t.expires_at > clock_timestamp(), true)
                       AND coalesce(m.status = 'active' AND a.status = 'active', false)
                       AND coalesce((SELECT s.allowed = (s.effective_at <= clock_timestamp())
                                       FROM access_switch s
                                      WHERE s.mailbox_id = c.mailbox_id AND s.protocol = c.protocol), true) AS allowed
                  FROM connection c
                  LEFT JOIN client_token t ON t.token_id = c.token_id
                  LEFT JOIN mailbox m ON m.mailbox_id = c.mailbox_id
                  LEFT JOIN account a ON a.account_id = m.account_id
                 WHERE c.node_id = ?
                """, row -> new Checked(row.longValue(1), row.bool(2), row.bool(3)), interval(SETTLED), node));
        for (var row : rows) {
            before.remove(row.id());
            var access = live.get(row.id());
            if (access == null) {
                if (row.settled()) {
                    unreleased.add(row.id());
                }
            } else if (!row.allowed()) {
                access.end(new Refusal.AccessEnded());
            }
        }
        before.retainAll(live.keySet());
        if (!before.isEmpty()) {
            LOG.warn("{} live connections were not in the table; registering again", before.size());
            register();
        }
    }

    private void freeUnreleased() {
        var ids = Set.copyOf(unreleased);
        if (!ids.isEmpty()) {
            delete(ids);
            unreleased.removeAll(ids);
        }
    }

    private void sweep() {
        int swept = database.once(tx -> tx.one(
                "SELECT sweep_nodes(?::interval)",
                row -> row.intValue(1),
                interval(settings.lease().multipliedBy(SWEEP_AFTER_LEASES))));
        if (swept > 0) {
            LOG.info("swept away what {} dead nodes left behind", swept);
        }
    }

    /** Ends all connections and gives the lease back: the slots are free at once. */
    @Override
    public void close() {
        closing = true;
        heart.close();
        fence.close();
        live.values().forEach(access -> access.end(new Refusal.ShuttingDown()));
        try {
            database.once(tx -> tx.one("SELECT leave_node(?)", row -> true, node));
        } catch (DatabaseUnavailable e) {
            LOG.warn("the slots of node {} are free when its lease is over: {}", settings.nodeName(), e.getMessage());
        }
    }

    /** As a power cut leaves it: no heartbeat, no fence, nothing given back. */
    void stopDead() {
        heart.close();
        fence.close();
    }

    /** Hears on the listener's thread; ending only hands a wish to each session. */
    private final class Ear implements NotificationHandler {
        @Override
        public void notified(String payload) {
            var end = AccessEnd.parse(payload);
            if (end.isEmpty()) {
                LOG.warn("not understood on the channel of ended accesses: {}", payload);
                return;
            }
            recentEnds.add(end.get());
            live.values().stream().filter(end.get()::ends).forEach(access -> access.end(new Refusal.AccessEnded()));
        }

        @Override
        public void missed() {
            heart.ask();
        }
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
            exempts[i++] = access.exempt();
        }
        return exempts;
    }

    private static String interval(Duration duration) {
        return duration.toNanos() / 1_000 + " microseconds";
    }
}
