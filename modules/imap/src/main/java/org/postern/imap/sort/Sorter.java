package org.postern.imap.sort;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.postern.imap.Progress;
import org.postern.imap.command.SortKey;
import org.postern.imap.command.ThreadAlgorithm;
import org.postern.imap.search.ScanGate;
import org.postern.imap.search.Scores;
import org.postern.imap.sort.FolderKeys.Column;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.FolderSnapshot;

/** Puts messages of the told snapshot in order, or in threads (RFC 5256 §3). Any thread; a few sort at a time on one node. */
public final class Sorter {
    /** Past every date that can be written with four digits of year; keeps a date and a place in one long. */
    private static final long FARTHEST_SECOND = 1L << 38;

    private final KeyCache cache;
    private final ScanGate gate;

    public Sorter(KeyCache cache, ScanGate gate) {
        this.cache = cache;
        this.gate = gate;
    }

    /** @param indexes of messages, ascending; those that are expunged meanwhile stay out of what is returned */
    public int[] sorted(int[] indexes, List<SortKey> order, Scores scores, FolderView view, Progress progress)
            throws IOException {
        return gate.pass(() -> {
            var told = view.told();
            boolean fromSnapshot = order.stream().allMatch(key -> isInSnapshot(key.by()));
            var group = fromSnapshot ? new Group(told, indexes) : Group.read(told, indexes, cache, progress);
            var places = IntStream.range(0, group.indexes.length).toArray();
            for (int i = order.size() - 1; i >= 0; i--) { // The last criterion first: each pass keeps ties as they are.
                places = pass(
                        places,
                        group.values(order.get(i).by(), scores),
                        order.get(i).reverse());
            }
            return Arrays.stream(places).map(place -> group.indexes[place]).toArray();
        });
    }

    /** @param indexes as above; the threads of what is left of them */
    public Threads threads(int[] indexes, ThreadAlgorithm algorithm, FolderView view, Progress progress)
            throws IOException {
        return gate.pass(() -> {
            var group = Group.read(view.told(), indexes, cache, progress);
            var messages = IntStream.range(0, group.indexes.length)
                    .mapToObj(place -> new Node(group.indexes[place], group.key(place), group.sent(place)))
                    .toList();
            return new Threads(
                    switch (algorithm) {
                        case ORDEREDSUBJECT -> OrderedSubject.threads(messages);
                        case REFERENCES -> References.threads(messages);
                    });
        });
    }

    private static boolean isInSnapshot(SortKey.By by) {
        return by == SortKey.By.ARRIVAL || by == SortKey.By.SIZE || by == SortKey.By.RELEVANCY;
    }

    /** Sorts places by their values, of equal ones keeping the order; value and position share one long. */
    private static int[] pass(int[] places, long[] values, boolean reverse) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(places.length);
        var packed = new long[places.length];
        for (int i = 0; i < places.length; i++) {
            long value = values[places[i]];
            packed[i] = ((reverse ? -value : value) << bits) | i;
        }
        Arrays.sort(packed);
        var sorted = new int[places.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = places[(int) (packed[i] & ((1L << bits) - 1))];
        }
        return sorted;
    }

    /** The messages at hand: those whose keys could be read. */
    private static final class Group {
        private final FolderSnapshot told;
        private final int[] indexes;
        private final FolderKeys keys;
        private final int[] positions;

        /** Of what the snapshot alone knows. */
        Group(FolderSnapshot told, int[] indexes) {
            this(told, indexes, FolderKeys.NONE, new int[0]);
        }

        private Group(FolderSnapshot told, int[] indexes, FolderKeys keys, int[] positions) {
            this.told = told;
            this.indexes = indexes;
            this.keys = keys;
            this.positions = positions;
        }

        static Group read(FolderSnapshot told, int[] indexes, KeyCache cache, Progress progress) throws IOException {
            var uids = Arrays.stream(indexes).mapToLong(told::uid).toArray();
            var keys = cache.of(told, uids, message -> progress.step());
            var positions = keys.positions(uids);
            var there = IntStream.range(0, indexes.length)
                    .filter(i -> positions[i] >= 0)
                    .toArray();
            return new Group(
                    told,
                    Arrays.stream(there).map(i -> indexes[i]).toArray(),
                    keys,
                    Arrays.stream(there).map(i -> positions[i]).toArray());
        }

        MessageKeys key(int place) {
            return keys.at(positions[place]);
        }

        /** Seconds; of a message that does not say, its internal date (RFC 5256 §2.2). */
        long sent(int place) {
            long sent = key(place).sentAt();
            return sent == MessageKeys.NEVER ? arrived(place) : sent;
        }

        private long arrived(int place) {
            return told.internalDate(indexes[place]).getEpochSecond();
        }

        long[] values(SortKey.By by, Scores scores) {
            return switch (by) {
                case ARRIVAL -> dates(this::arrived);
                case DATE -> dates(this::sent);
                case RELEVANCY ->
                    Arrays.stream(indexes).mapToLong(index -> -scores.of(index)).toArray();
                case SIZE -> Arrays.stream(indexes).mapToLong(told::size).toArray();
                case CC -> ranks(Column.CC);
                case DISPLAYFROM -> ranks(Column.DISPLAY_FROM);
                case DISPLAYTO -> ranks(Column.DISPLAY_TO);
                case FROM -> ranks(Column.FROM);
                case SUBJECT -> ranks(Column.SUBJECT);
                case TO -> ranks(Column.TO);
            };
        }

        private long[] dates(IntToLongFunction date) {
            return IntStream.range(0, indexes.length)
                    .mapToLong(place -> Math.clamp(date.applyAsLong(place), -FARTHEST_SECOND, FARTHEST_SECOND))
                    .toArray();
        }

        private long[] ranks(Column column) {
            var ranks = keys.ranks(column);
            return Arrays.stream(positions)
                    .mapToLong(position -> ranks[position])
                    .toArray();
        }
    }
}
