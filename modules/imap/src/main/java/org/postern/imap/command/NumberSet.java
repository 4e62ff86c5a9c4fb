package org.postern.imap.command;

import java.util.Comparator;
import java.util.List;
import org.postern.model.UidSet;

/**
 * A set of message numbers as the client wrote it, {@code *} not yet known (RFC 3501 §9 {@code sequence-set}).
 *
 * @param ranges in the client's order, overlapping or not; none for {@code $}, the saved result (RFC 5182 §2.1)
 * @param kind what the numbers are
 */
public record NumberSet(List<Range> ranges, Kind kind) {
    /** {@code *}, the largest number in use. */
    public static final long STAR = Long.MAX_VALUE;

    /** What a number stands for. */
    public enum Kind {
        SEQUENCE,
        UID
    }

    /** {@code seq-range}: both ends inclusive, in either order as the RFC allows; a single number twice. */
    public record Range(long from, long to) {
        /** The lower end where {@code *} is {@code largest}. */
        public long first(long largest) {
            return Math.min(known(from, largest), known(to, largest));
        }

        /** The upper end where {@code *} is {@code largest}. */
        public long last(long largest) {
            return Math.max(known(from, largest), known(to, largest));
        }

        public boolean hasStar() {
            return from == STAR || to == STAR;
        }

        private static long known(long number, long largest) {
            return number == STAR ? largest : number;
        }
    }

    public NumberSet {
        ranges = List.copyOf(ranges);
    }

    /** {@code $}. */
    public static NumberSet saved(Kind kind) {
        return new NumberSet(List.of(), kind);
    }

    public boolean isSaved() {
        return ranges.isEmpty();
    }

    /** All these numbers where {@code *} is {@code largest}, there or not. */
    public UidSet numbers(long largest) {
        var ascending = ranges.stream()
                .sorted(Comparator.comparingLong(range -> range.first(largest)))
                .toList();
        var numbers = new UidSet.Builder();
        ascending.forEach(range -> numbers.addRange(range.first(largest), range.last(largest)));
        return numbers.build();
    }
}
