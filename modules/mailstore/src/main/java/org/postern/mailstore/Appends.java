package org.postern.mailstore;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;

/**
 * Group commit for APPENDs of different sessions: those that come while others are being stored wait, and are stored together
 * with one statement, one commit, one flush. One that comes alone goes at once, alone.
 *
 * <p>Each keeps its own outcome: what is over its limit, or fails, stops none of the others.
 */
final class Appends {
    /** So many statements are under way at once; more would only wait for each other's processors and locks. */
    private static final int MAX_UNDER_WAY = Runtime.getRuntime().availableProcessors();
    /** The most APPENDs of one group. */
    static final int MAX_GROUP = 32;
    /** The most octets of one group, beyond its first message: the folders are locked while they are written. */
    static final long MAX_GROUP_BYTES = 1 << 20;

    /**
     * Whoever was not let in for so long leads a group all the same: those under way may be waiting for a folder that somebody
     * holds, which is no reason to wait for any other.
     */
    private static final Duration PATIENCE = Duration.ofMillis(20);

    private final Database database;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    Appends(Database database) {
        this.database = database;
    }

    /** What a waiting APPEND hears. */
    private sealed interface Turn {
        /** It is stored, or is not and why. */
        record Answered(AppendAnswer answer) implements Turn {}

        /** The database was lost while it was stored: whether it is nobody knows. */
        record Lost(DatabaseUnavailable cause) implements Turn {}

        /** It is to go by itself: its folder is held, or somebody's failure ended the group. */
        record Alone() implements Turn {}

        /** It stores this group, which is led by itself. */
        record Leads(List<Waiting> group) implements Turn {}
    }

    private static final class Waiting {
        private final Parcel parcel;
        private final MessageColumns columns;
        private final CompletableFuture<Turn> turn = new CompletableFuture<>();

        Waiting(Parcel parcel, MessageColumns columns) {
            this.parcel = parcel;
            this.columns = columns;
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

    /** @param columns of the parcel's message */
    AppendAnswer append(Parcel parcel, MessageColumns columns) {
        var own = new Waiting(parcel, columns);
        return answer(own, turnOf(own));
    }

    private AppendAnswer answer(Waiting own, Turn turn) {
        return switch (turn) {
            case Turn.Answered(var answer) -> answer;
            case Turn.Lost(var cause) -> throw cause;
            case Turn.Alone() -> alone(own);
            case Turn.Leads(var group) -> answer(own, lead(group));
        };
    }

    private Turn turnOf(Waiting own) {
        lock.lock();
        try {
            if (underWay < MAX_UNDER_WAY) {
                underWay++;
                return new Turn.Leads(List.of(own));
            }
            waiting.add(own);
        } finally {
            lock.unlock();
        }
        return own.hearsWithin(PATIENCE) ? own.turn.join() : unasked(own);
    }

    private Turn unasked(Waiting own) {
        lock.lock();
        try {
            if (waiting.remove(own)) {
                underWay++;
                waiting.addFirst(own);
                return new Turn.Leads(nextGroup());
            }
        } finally {
            lock.unlock();
        }
        return own.turn.join(); // A group took it along just now.
    }

    /** Lets the first of those that came meanwhile lead the next group. */
    private void handOver() {
        lock.lock();
        try {
            if (waiting.isEmpty() || underWay > MAX_UNDER_WAY) {
                underWay--;
            } else {
                var group = nextGroup();
                group.getFirst().turn.complete(new Turn.Leads(group));
            }
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> nextGroup() {
        var group = new ArrayList<Waiting>();
        long bytes = 0;
        do {
            var next = waiting.remove();
            group.add(next);
            bytes += next.columns.inlineBytes();
        } while (!waiting.isEmpty()
                && group.size() < MAX_GROUP
                && bytes + waiting.element().columns.inlineBytes() <= MAX_GROUP_BYTES);
        return group;
    }

    /** @return what the first of the group hears, who leads it */
    private Turn lead(List<Waiting> group) {
        List<Turn> turns = List.of();
        try {
            turns = group.size() == 1 ? List.of(new Turn.Answered(alone(group.getFirst()))) : together(group);
            return turns.getFirst();
        } finally {
            handOver();
            for (int i = 1; i < group.size(); i++) {
                // Without turns this thread ends with a bug's exception, and each of the others finds out by itself.
                group.get(i).turn.complete(turns.isEmpty() ? new Turn.Alone() : turns.get(i));
            }
        }
    }

    private AppendAnswer alone(Waiting one) {
        var parcel = one.parcel;
        return append(parcel.mailbox(), parcel.folder(), one.columns, parcel.limit());
    }

    /** Stores all messages, or none, and waits for whoever holds the folder. */
    AppendAnswer append(MailboxId mailbox, FolderName folder, MessageColumns columns, StorageLimit limit) {
        return database.once(tx -> tx.one(
                "SELECT append_to_folder(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> new AppendAnswer(row.longs(1)),
                columns.parameters(List.of(
                        mailbox.value(),
                        folder.value(),
                        limit.bytes(),
                        limit.max(Resource.MESSAGES),
                        FolderStore.MAX_FOLDER_KEYWORDS))));
    }

    private List<Turn> together(List<Waiting> group) {
        var columns =
                MessageColumns.joined(group.stream().map(one -> one.columns).toList());
        var parcels = group.stream().map(one -> one.parcel).toList();
        var numbers = IntStream.rangeClosed(1, group.size()).toArray();
        var load = new Deliveries.Load(parcels, numbers, columns.contents, columns);
        try {
            return database.once(load::deliver).stream().map(Appends::turn).toList();
        } catch (DatabaseUnavailable e) {
            return group.stream().<Turn>map(one -> new Turn.Lost(e)).toList();
        } catch (DatabaseFailure e) {
            // Whose fault it is each finds out by itself.
            return group.stream().<Turn>map(one -> new Turn.Alone()).toList();
        }
    }

    private static Turn turn(AppendAnswer answer) {
        return answer.outcome() == AppendAnswer.BUSY ? new Turn.Alone() : new Turn.Answered(answer);
    }
}
