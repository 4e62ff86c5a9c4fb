package org.postern.mailstore;

import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postern.model.FolderId;

/**
 * One folder's newest snapshot on this node, the news not yet applied to it, and who watches.
 *
 * <p>News may come in any order: two threads that committed modseqs 5 and 6 may tell of 6 first. News are applied only to the
 * snapshot of the modseq before; where one is missing the change log is read.
 */
final class WatchedFolder {
    /** Messages that waiting news may hold in memory; with more the change log is read instead. */
    static final int MAX_WAITING = 10_000;

    final FolderId folder;
    final RecentClaims recent;
    final Set<FolderWatch> watchers = ConcurrentHashMap.newKeySet();
    /** Whether the waker has this folder in its queue. */
    final AtomicBoolean waking = new AtomicBoolean();

    private final SnapshotLoader loader;
    private final Counters counters;
    /** Held while the snapshot is brought up to date: a thousand watchers must not read the same log. */
    private final ReentrantLock updating = new ReentrantLock();

    private final Object news = new Object();
    private final TreeMap<Long, FolderNews> waiting = new TreeMap<>();
    private int waitingWeight;

    private volatile @Nullable FolderSnapshot snapshot;
    /** The highest modseq heard of. Written under {@link #news}. */
    private volatile long known;

    /** How snapshots came to be. */
    record Counters(LongAdder loaded, LongAdder advanced, LongAdder applied) {
        Counters() {
            this(new LongAdder(), new LongAdder(), new LongAdder());
        }
    }

    WatchedFolder(FolderId folder, SnapshotLoader loader, RecentClaims recent, Counters counters) {
        this.folder = folder;
        this.recent = recent;
        this.loader = loader;
        this.counters = counters;
    }

    /** @return whether this is news */
    boolean hear(FolderNews some) {
        synchronized (news) {
            var held = snapshot;
            if (held != null && some.modseq().compareTo(held.modseq()) <= 0) {
                return false;
            }
            if (held != null && waitingWeight + some.weight() <= MAX_WAITING) {
                waiting.put(some.modseq().value(), some);
                waitingWeight += some.weight();
            }
            known = Math.max(known, some.modseq().value());
            return true;
        }
    }

    /** @return whether this is news */
    boolean hear(long modseq) {
        synchronized (news) {
            if (modseq <= known) {
                return false;
            }
            known = modseq;
            return true;
        }
    }

    /**
     * Hears that the folder's row is no more.
     *
     * @return whether this is news
     */
    boolean hearGone() {
        synchronized (news) {
            var held = snapshot;
            if (held != null && held.isGone()) {
                return false;
            }
            known++;
            return true;
        }
    }

    int messages() {
        var held = snapshot;
        return held == null ? 0 : held.size();
    }

    /** The newest snapshot. */
    FolderSnapshot current() {
        var held = snapshot;
        if (held != null && (held.modseq().value() >= known || held.isGone())) {
            return held;
        }
        updating.lock();
        try {
            return update();
        } finally {
            updating.unlock();
        }
    }

    /**
     * Asks the database how far the folder has come: news of other nodes may still be on their way.
     *
     * @return whether this is news
     */
    boolean compare() {
        var held = snapshot;
        if (held == null || held.isGone()) {
            return false;
        }
        var modseq = loader.modseq(folder);
        // A tombstone: read it.
        return hear(modseq.isPresent() ? modseq.get().value() : held.modseq().value() + 1);
    }

    private FolderSnapshot update() {
        var held = snapshot;
        if (held == null) {
            counters.loaded.increment();
            return keep(loader.load(folder));
        }
        if (held.isGone()) {
            return held;
        }
        long target = known;
        var applied = applied(held);
        if (applied.modseq().value() >= target) {
            return keep(applied);
        }
        counters.advanced.increment();
        return keep(loader.advance(applied));
    }

    /** The snapshot with the news that follow it without a gap. */
    private FolderSnapshot applied(FolderSnapshot from) {
        var newest = from;
        for (var next = next(newest); next != null; next = next(newest)) {
            newest = next.applyTo(newest);
            counters.applied.increment();
        }
        return newest;
    }

    private @Nullable FolderNews next(FolderSnapshot after) {
        synchronized (news) {
            var next = waiting.remove(after.modseq().value() + 1);
            if (next != null) {
                waitingWeight -= next.weight();
            }
            return next;
        }
    }

    private FolderSnapshot keep(FolderSnapshot newest) {
        synchronized (news) {
            snapshot = newest;
            known = newest.isGone()
                    ? newest.modseq().value()
                    : Math.max(known, newest.modseq().value());
            var old = waiting.headMap(newest.modseq().value(), true);
            waitingWeight -= old.values().stream().mapToInt(FolderNews::weight).sum();
            old.clear();
        }
        return newest;
    }
}
