package org.postern.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Group commit: what sessions want stored while others' is being stored waits, and is stored together with one statement, one
 * commit, one flush. What comes alone goes at once, alone.
 *
 * <p>Each keeps its own outcome: what is refused, or fails, stops none of the others. Two that lock the same rows are not under way
 * at once, for one would only wait for the other, and meanwhile its group for it.
 */
public final class GroupCommit<W extends GroupCommit.Work, R> {
    /** The most of one group. */
    public static final int MAX_GROUP = 32;
    /** The most octets of one group, beyond its first: rows are locked while they are written. */
    public static final long MAX_GROUP_BYTES = 1 << 20;
    /**
     * So many groups are under way at once: to begin one takes the database as long as three of its messages do, so a few larger ones
     * are sooner done than many small ones, and the other processors have what comes before and after to do.
     */
    public static final int MAX_UNDER_WAY = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    /**
     * Whoever was not let in for so long leads a group all the same: those under way may be waiting for a row that somebody else
     * holds, which is no reason to wait for any other. From then on they are not counted, so that only the first one waits so.
     */
    private static final Duration PATIENCE = Duration.ofMillis(20);
    /** So long for those who lock the same rows, which whoever is let in would only wait for in the database. */
    private static final Duration PATIENCE_FOR_LOCKS = Duration.ofMillis(500);

    private final Storing<W, R> storing;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiting<W, R>> waiting = new ArrayDeque<>();
    /** How many of those under way lock it. */
    private final Map<Object, Integer> locked = new HashMap<>();

    private final Set<Group<W, R>> underWay = new HashSet<>();

    /** What somebody wants stored. */
    public interface Work {
        /** Octets that go to the database. */
        long bytes();

        /** Whose rows it locks until its commit, by their identifiers. */
        Set<?> locks();
    }

    /** How it is stored. */
    public interface Storing<W, R> {
        /** One by itself; what it throws whoever wanted it stored hears. */
        R alone(W work);

        /**
         * Several at once, each of them whole or not at all. {@link Undone} and {@link DatabaseFailure} say that none is stored and
         * that each has to try by itself.
         *
         * @return of each, in their order: what becomes of it, or nothing where it is to go by itself
         */
        List<Optional<R>> together(List<W> group);
    }

    public GroupCommit(Storing<W, R> storing) {
        this.storing = storing;
    }

    /** What somebody who waits hears. */
    private sealed interface Turn<W, R> {
        /** It is stored, or is not and why. */
        record Answered<W, R>(R answer) implements Turn<W, R> {}

        /** The database was lost before it was stored, or while: then nobody knows whether it is. */
        record Lost<W, R>(DatabaseUnavailable cause) implements Turn<W, R> {}

        /** It is to go by itself. */
        record Alone<W, R>() implements Turn<W, R> {}

        /** It stores this group, which is led by itself. */
        record Leads<W, R>(Group<W, R> group) implements Turn<W, R> {}
    }

    /** What is stored together. */
    private static final class Group<W, R> {
        private final List<Waiting<W, R>> members;
        private final long began = System.nanoTime();
        private boolean stuck;

        Group(List<Waiting<W, R>> members) {
            this.members = members;
        }
    }

    private static final class Waiting<W, R> {
        private final W work;
        private final CompletableFuture<Turn<W, R>> turn = new CompletableFuture<>();

        Waiting(W work) {
            this.work = work;
        }

        boolean hearsWithin(Duration time) {
            try {
                turn.get(time.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("nobody fails a turn", e);
            }
        }
    }

    /**
     * Stores it, by itself or with others.
     *
     * @throws DatabaseUnavailable as of what it was stored with
     */
    public R store(W work) {
        var own = new Waiting<W, R>(work);
        return answer(own, turnOf(own));
    }

    private R answer(Waiting<W, R> own, Turn<W, R> turn) {
        return switch (turn) {
            case Turn.Answered<W, R>(var answer) -> answer;
            case Turn.Lost<W, R>(var cause) -> throw cause;
            case Turn.Alone<W, R>() -> storing.alone(own.work);
            case Turn.Leads<W, R>(var group) -> answer(own, lead(group));
        };
    }

    private Turn<W, R> turnOf(Waiting<W, R> own) {
        lock.lock();
        try {
            if (hasRoom() && isFree(own)) {
                return begin(List.of(own));
            }
            waiting.add(own);
        } finally {
            lock.unlock();
        }
        return waited(own);
    }

    private Turn<W, R> waited(Waiting<W, R> own) {
        var waited = Duration.ZERO;
        while (!own.hearsWithin(PATIENCE)) {
            waited = waited.plus(PATIENCE);
            boolean evenLocked = waited.compareTo(PATIENCE_FOR_LOCKS) >= 0;
            lock.lock();
            try {
                if (!waiting.contains(own)) {
                    break; // A group has taken it along.
                }
                underWay.forEach(group -> group.stuck |= System.nanoTime() - group.began >= PATIENCE.toNanos());
                if (evenLocked || isFree(own)) {
                    waiting.remove(own);
                    return begin(groupOf(own));
                }
            } finally {
                lock.unlock();
            }
        }
        return own.turn.join();
    }

    private Turn<W, R> begin(List<Waiting<W, R>> members) {
        var group = new Group<>(members);
        underWay.add(group);
        members.forEach(one -> one.work.locks().forEach(row -> locked.merge(row, 1, Integer::sum)));
        return new Turn.Leads<>(group);
    }

    private boolean hasRoom() {
        return underWay.stream().filter(group -> !group.stuck).count() < MAX_UNDER_WAY;
    }

    /** Lets the first of those that came meanwhile lead the next group. */
    private void end(Group<W, R> group) {
        lock.lock();
        try {
            underWay.remove(group);
            group.members.forEach(one -> one.work
                    .locks()
                    .forEach(
                            row -> locked.computeIfPresent(row, (same, holders) -> holders == 1 ? null : holders - 1)));
            while (hasRoom()) {
                var first = waiting.stream().filter(this::isFree).findFirst();
                if (first.isEmpty()) {
                    return;
                }
                waiting.remove(first.get());
                first.get().turn.complete(begin(groupOf(first.get())));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isFree(Waiting<W, R> one) {
        return one.work.locks().stream().noneMatch(this::isLocked);
    }

    private boolean isLocked(Object row) {
        return locked.containsKey(row);
    }

    /** Who goes along with it: those who wait for nobody that it does not wait for. */
    private List<Waiting<W, R>> groupOf(Waiting<W, R> first) {
        var group = new ArrayList<Waiting<W, R>>();
        group.add(first);
        long bytes = first.work.bytes();
        var others = waiting.iterator();
        while (others.hasNext() && group.size() < MAX_GROUP) {
            var next = others.next();
            if (next.work.locks().stream()
                    .noneMatch(row -> isLocked(row) && !first.work.locks().contains(row))) {
                bytes += next.work.bytes();
                if (bytes > MAX_GROUP_BYTES) {
                    break;
                }
                others.remove();
                group.add(next);
            }
        }
        return group;
    }

    /** @return what the first of the group hears, who leads it */
    private Turn<W, R> lead(Group<W, R> group) {
        var members = group.members;
        List<Turn<W, R>> turns = List.of();
        try {
            turns = members.size() == 1
                    ? List.of(new Turn.Answered<>(storing.alone(members.getFirst().work)))
                    : together(members);
            return turns.getFirst();
        } finally {
            end(group);
            for (int i = 1; i < members.size(); i++) {
                // Without turns this thread ends with a bug's exception, and each of the others finds out by itself.
                members.get(i).turn.complete(turns.isEmpty() ? new Turn.Alone<>() : turns.get(i));
            }
        }
    }

    private List<Turn<W, R>> together(List<Waiting<W, R>> group) {
        try {
            return storing.together(group.stream().map(one -> one.work).toList()).stream()
                    .map(answer -> answer.<Turn<W, R>>map(Turn.Answered::new).orElseGet(Turn.Alone::new))
                    .toList();
        } catch (DatabaseUnavailable e) {
            return group.stream().<Turn<W, R>>map(one -> new Turn.Lost<>(e)).toList();
        } catch (DatabaseFailure | Undone e) {
            // Whose fault it is each finds out by itself.
            return group.stream().<Turn<W, R>>map(one -> new Turn.Alone<>()).toList();
        }
    }
}
