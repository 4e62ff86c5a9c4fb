package org.postern.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.postern.accounts.ConnectionSlots.Opened;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.database.Rhythm;
import org.postern.model.ConnectionCap;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.ConnectionId;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's admitted connections, counted with all other nodes' in the database ({@link ConnectionSlots}) as long as the
 * node has its lease ({@link NodeLease}).
 */
public final class ConnectionRegistry implements AutoCloseable {
    /** Between two heartbeats that logins ask for. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);

    /** So often a login looks for a slot at a full cap, within the time in which all that were spare are freed. */
    private static final int LOOKS_FOR_SPARE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionRegistry.class);

    private final LeaseSettings settings;
    private final AccountsMeters meters;
    private final NodeLease lease;
    private final ConnectionSlots slots;
    private final HeldSlots held;
    private final ConcurrentMap<Long, Access> live = new ConcurrentHashMap<>();
    private final RecentEnds recentEnds = new RecentEnds();
    private final HandOvers handOvers = new HandOvers();
    private final ReentrantLock beating = new ReentrantLock();

    /** Grows before and after each registration, so odd means under way: see {@link #open} and {@link #admit}. */
    private final AtomicInteger registrations = new AtomicInteger();

    /** Guarded by {@link #beating}. */
    private long lastBeat = System.nanoTime();

    private volatile boolean closing;
    private final Rhythm heart;
    private final Rhythm fence;
    private final Rhythm tidy;

    private ConnectionRegistry(Database database, LeaseSettings settings, AccountsMeters meters) {
        this.settings = settings;
        this.meters = meters;
        this.lease = new NodeLease(database, settings, () -> endAll(new Refusal.Unavailable()));
        this.slots = new ConnectionSlots(database, lease.node());
        this.held = new HeldSlots(slots, new SpareSlots(settings.spare()));
        register();
        this.heart = Rhythm.start("lease", settings.heartbeat(), this::beat);
        this.fence = Rhythm.start("fence", settings.fenceMargin().dividedBy(4), this::fenceWhenLapsed);
        this.tidy = Rhythm.start(
                "spare-slots",
                settings.spare().isZero()
                        ? settings.heartbeat()
                        : settings.spare().dividedBy(2),
                held::freeOldSpare);
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
        return lease.node();
    }

    /** How many connections this node has admitted and not closed yet. */
    public int size() {
        return live.size();
    }

    /** Whether this node may not serve anybody now: its lease may be over. */
    public boolean hasLapsed() {
        return lease.hasLapsed();
    }

    /** The connections that this node serves now. */
    List<Access> live() {
        return List.copyOf(live.values());
    }

    /** From when on a login must hear of ends that happen while it is decided. */
    long mark() {
        return recentEnds.mark();
    }

    /**
     * Admits a connection when its cap allows, and its slot is to have an owner: one round trip. Where the cap is full, spare
     * slots are freed first, and those of other nodes waited for: nobody is refused for sessions that were over when he came.
     *
     * @param mark from {@link #mark}, taken before it was asked whether the owner may be here
     * @throws DatabaseUnavailable when that is not known; a slot that was taken all the same is found and freed
     */
    Admission open(long mark, SlotOwner owner, LoginAttempt attempt, boolean exempt, ConnectionCap cap, LivePlan plan) {
        var holder = SlotHolder.of(owner.who(), attempt, exempt, cap);
        Supplier<Admission> tried = () -> tryOpen(mark, owner, attempt, holder, plan);
        var admission = tried.get();
        if (admission instanceof Admission.NotReady && !closing) {
            beatSoon(); // After a crash of the database the first login, not the next heartbeat, sets things right.
            admission = tried.get();
        }
        if (admission instanceof Admission.CapReached full && held.freeSpare(holder, full.per())) {
            admission = tried.get();
        }
        for (int look = 0; look < LOOKS_FOR_SPARE; look++) {
            if (!(admission instanceof Admission.CapReached full) || !othersMayFree(holder, full)) {
                break;
            }
            admission = tried.get();
        }
        return admission;
    }

    /** Waits for a moment in which other nodes free spare slots, if they can have any. */
    private boolean othersMayFree(SlotHolder holder, Admission.CapReached full) {
        long here = live.values().stream()
                .filter(access -> access.holder().countsWith(holder, full.per()))
                .count();
        if (settings.spare().isZero() || !holder.mayLeaveSpare() || here >= full.open()) {
            return false;
        }
        try {
            Thread.sleep(settings.spare().multipliedBy(2).dividedBy(LOOKS_FOR_SPARE));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Admission tryOpen(long mark, SlotOwner owner, LoginAttempt attempt, SlotHolder holder, LivePlan plan) {
        int registration = registrations.get();
        if (closing || hasLapsed() || isUnderWay(registration)) {
            return new Admission.NotReady();
        }
        var left = held.takeSpare(holder);
        Optional<Opened> opened;
        try {
            opened = slots.open(owner, attempt, holder, left, plan.get().pop3());
        } catch (RuntimeException e) {
            left.ifPresent(held::freeLater);
            throw e;
        }
        left.stream().filter(id -> opened.isEmpty() || opened.get().id() != id).forEach(held::free);
        if (opened.isEmpty()) {
            return new Admission.Changed();
        }
        var row = opened.get();
        Supplier<Admission> admitted = () -> admit(
                new Access(new ConnectionId(row.id()), owner.who(), attempt, holder, plan, this), registration, mark);
        return switch (row.result()) {
            case "opened" -> admitted.get();
            case "waiting" -> {
                if (handOvers.await(row.id(), settings.handOver())) {
                    yield admitted.get();
                }
                held.free(row.id());
                yield full(row);
            }
            case "full" -> full(row);
            case "in-use" -> new Admission.InUse();
            case "login-delay" -> new Admission.TooSoon(row.left());
            case "not-ready" -> new Admission.NotReady();
            default -> throw new IllegalStateException("open_connection said " + row.result());
        };
    }

    private static Admission full(Opened row) {
        return new Admission.CapReached(row.openNow(), ConnectionCap.Per.of(row.reached()));
    }

    /**
     * The row was committed before the connection was known here. A registration that began in between may have deleted
     * it (one that began later has collected it), and an end that was heard in between found nobody: both are looked for now that nothing can be missed.
     */
    private Admission admit(Access access, int registration, long mark) {
        held.add(access.id().value());
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
        long id = access.id().value();
        live.remove(id);
        meters.closed(access.plan().name(), access.protocol());
        if (hasLapsed()) {
            held.freeLater(id); // The database is away: its client hears so now.
        } else if (closing || access.hasEnded()) {
            held.free(id);
        } else {
            held.leave(id, access.holder());
        }
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
            held.freeUnreleased();
            noteIdle();
            lease.sweepDead();
        } catch (DatabaseUnavailable e) {
            LOG.warn("heartbeat of node {} failed: {}", settings.nodeName(), e.getMessage());
        } finally {
            beating.unlock();
        }
    }

    private void renew() {
        switch (lease.renew()) {
            case RENEWED -> {}
            case MISSING -> {
                LOG.info("the database has lost its unlogged tables; registering {} connections again", live.size());
                register();
            }
            case EXPIRED -> {
                endAll(new Refusal.Unavailable());
                register();
            }
        }
    }

    /** What is live here, and nothing else, is what the database has when this returns. */
    private void register() {
        registrations.incrementAndGet(); // Before collecting.
        try {
            var collected = new ArrayList<>(live.values());
            lease.register(collected);
            for (var access : collected) {
                if (!held.has(access.id().value())) {
                    held.freeLater(access.id().value()); // Freed while its row was on the way.
                }
            }
        } finally {
            registrations.incrementAndGet();
        }
    }

    private static boolean isUnderWay(int registration) {
        return (registration & 1) == 1;
    }

    private void fenceWhenLapsed() {
        if (hasLapsed()) {
            endAll(new Refusal.Unavailable());
        }
    }

    private void endAll(Refusal why) {
        if (!live.isEmpty()) {
            LOG.warn("node {} ends its {} connections: {}", settings.nodeName(), live.size(), why.caseName());
        }
        live.values().forEach(access -> access.end(why));
    }

    /** Ends what may be here no more, frees what nobody has, registers what somebody else has removed. */
    private void check() {
        var before = new HashSet<>(live.keySet());
        for (var row : slots.check()) {
            before.remove(row.id());
            var access = live.get(row.id());
            if (access == null) {
                if (held.has(row.id())) {
                    continue; // Spare, or live by now.
                }
                if (row.settled()) {
                    held.freeLater(row.id());
                } else if (!row.waiting()) {
                    handOvers.grant(row.id()); // It may have waited, and the notification been lost.
                }
            } else if (!row.allowed()) {
                access.end(row.replaced() ? new Refusal.Replaced() : new Refusal.AccessEnded());
            }
        }
        before.retainAll(live.keySet());
        if (!before.isEmpty()) {
            LOG.warn("{} live connections were not in the table; registering again", before.size());
            register();
        }
    }

    /** Tells the others who has been active since the last heartbeat, where that decides who has to go. */
    private void noteIdle() {
        var active = live.values().stream()
                .filter(access -> access.atCap() == AtCap.END_LONGEST_IDLE)
                .filter(Access::wasActiveSinceAsked)
                .toList();
        if (!active.isEmpty()) {
            slots.noteIdle(active);
        }
    }

    /** Ends all connections and gives the lease back: the slots are free at once. */
    @Override
    public void close() {
        closing = true;
        heart.close();
        fence.close();
        tidy.close();
        live.values().forEach(access -> access.end(new Refusal.ShuttingDown()));
        try {
            lease.leave();
        } catch (DatabaseUnavailable e) {
            LOG.warn("the slots of node {} are free when its lease is over: {}", settings.nodeName(), e.getMessage());
        }
    }

    /** As a power cut leaves it: no heartbeat, no fence, nothing given back. */
    void stopDead() {
        heart.close();
        fence.close();
        tidy.close();
    }

    /** Hears on the listener's thread; ending only hands a wish to each session. */
    private final class Ear implements NotificationHandler {
        @Override
        public void notified(String payload) {
            var granted = HandOvers.parse(payload);
            if (granted.isPresent()) {
                handOvers.grant(granted.getAsLong());
                return;
            }
            var end = AccessEnd.parse(payload);
            if (end.isEmpty()) {
                LOG.warn("not understood on the channel of ended accesses: {}", payload);
                return;
            }
            recentEnds.add(end.get());
            live.values().stream()
                    .filter(end.get()::ends)
                    .forEach(access -> access.end(end.get().why()));
        }

        @Override
        public void missed() {
            heart.ask();
        }
    }
}
