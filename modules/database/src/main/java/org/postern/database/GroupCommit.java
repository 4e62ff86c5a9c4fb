package org.postern.database;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
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
     * The group of whoever was not let in for so long begins all the same: those under way may be waiting for a row that somebody else
     * holds, which is no reason to wait for any other. From then on they are not counted, so that only the first one waits so.
     */
    private static final Duration PATIENCE = Duration.ofMillis(20);
    /** So long for those who lock the same rows, which whoever is let in would only wait for in the database. */
    private static final Duration PATIENCE_FOR_LOCKS = Duration.ofMillis(500);

    /**
     * Threads of the system: the database wakes one of them directly, a virtual one by way of two others, and between two groups
     * nobody has to be woken. As many as groups are under way; who has nothing to do for a minute ends.
     */
    private static final Executor STORERS = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("group-commit-", 0).factory());

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
    private sealed interface Turn<R> {
        /** It is stored, or is not and why. */
        record Answered<R>(R answer) implements Turn<R> {}

        /** It is not, or where the database was lost nobody knows whether it is. */
        record Failed<R>(RuntimeException cause) implements Turn<R> {}

        /** It is to go by itself. */
        record Alone<R>() implements Turn<R> {}
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
        private final CompletableFuture<Turn<R>> turn = new CompletableFuture<>();

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
        lock.lock();
        try {
            waiting.add(own);
            beginAll().forEach(this::storeElsewhere);
        } finally {
            lock.unlock();
        }
        return switch (turnOf(own)) {
            case Turn.Answered<R>(var answer) -> answer;
            case Turn.Failed<R>(var cause) -> throw cause;
            case Turn.Alone<R>() -> storing.alone(work);
        };
    }

    private Turn<R> turnOf(Waiting<W, R> own) {
        var waited = Duration.ZERO;
        while (!own.hearsWithin(PATIENCE)) {
            waited = waited.plus(PATIENCE);
            lock.lock();
            try {
                if (!waiting.contains(own)) {
                    break; // A group has taken it along.
                }
                underWay.forEach(group -> group.stuck |= System.nanoTime() - group.began >= PATIENCE.toNanos());
                var begun = waited.compareTo(PATIENCE_FOR_LOCKS) >= 0 ? List.of(begin(own)) : beginAll();
                begun.forEach(this::storeElsewhere);
            } finally {
                lock.unlock();
            }
        }
        return own.turn.join();
    }

    // ---- Groups, under the lock

    /** Begins as many groups as there is room for. */
    private List<Group<W, R>> beginAll() {
        var begun = new ArrayList<Group<W, R>>();
        while (hasRoom()) {
            var first = waiting.stream().filter(this::isFree).findFirst();
            if (first.isEmpty()) {
                break;
            }
            begun.add(begin(first.get()));
        }
        return begun;
    }

    /** Begins the group of this one. */
    private Group<W, R> begin(Waiting<W, R> first) {
        waiting.remove(first);
        var group = new Group<>(groupOf(first));
        underWay.add(group);
        group.members.forEach(one -> one.work.locks().forEach(row -> locked.merge(row, 1, Integer::sum)));
        return group;
    }

    private void end(Group<W, R> group) {
        underWay.remove(group);
        group.members.forEach(one -> one.work
                .locks()
                .forEach(row -> locked.computeIfPresent(row, (same, holders) -> holders == 1 ? null : holders - 1)));
    }

    private boolean hasRoom() {
        return underWay.stream().filter(group -> !group.stuck).count() < MAX_UNDER_WAY;
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

    // ---- The threads that store

    private void storeElsewhere(Group<W, R> group) {
        STORERS.execute(() -> store(group));
    }

    /** Stores a group, and then what has come meanwhile. */
    private void store(Group<W, R> first) {
        var next = Optional.of(first);
        while (next.isPresent()) {
            var group = next.get();
            next = answered(group, outcomes(group.members));
        }
    }

    /** Ends the group and tells its members. @return the group that this thread stores next */
    private Optional<Group<W, R>> answered(Group<W, R> group, List<Turn<R>> turns) {
        List<Group<W, R>> begun;
        lock.lock();
        try {
            end(group);
            begun = beginAll();
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < turns.size(); i++) {
            group.members.get(i).turn.complete(turns.get(i));
        }
        begun.stream().skip(1).forEach(this::storeElsewhere);
        return begun.stream().findFirst();
    }

    /** Stores them. @return what each of them hears */
    private List<Turn<R>> outcomes(List<Waiting<W, R>> group) {
        try {
            return group.size() == 1
                    ? List.of(new Turn.Answered<>(storing.alone(group.getFirst().work)))
                    : storing.together(group.stream().map(one -> one.work).toList()).stream()
                            .map(answer ->
                                    answer.<Turn<R>>map(Turn.Answered::new).orElseGet(Turn.Alone::new))
                            .toList();
        } catch (DatabaseUnavailable e) {
            return Collections.nCopies(group.size(), new Turn.Failed<>(e));
        } catch (DatabaseFailure | Undone e) {
            return group.size() == 1
                    ? List.of(new Turn.Failed<>(e))
                    // Whose fault it is each finds out by itself.
                    : Collections.nCopies(group.size(), new Turn.Alone<>());
        } catch (RuntimeException e) {
            return bug(group.size(), e);
        } catch (Error e) {
            return bug(group.size(), new IllegalStateException("a group was not stored", e));
        }
    }

    /** It meets the first one; the others go by themselves. */
    private static <R> List<Turn<R>> bug(int size, RuntimeException bug) {
        var turns = new ArrayList<Turn<R>>(Collections.nCopies(size, new Turn.Alone<>()));
        turns.set(0, new Turn.Failed<>(bug));
        return turns;
    }
}
