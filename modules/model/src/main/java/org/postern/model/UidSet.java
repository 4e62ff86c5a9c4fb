package org.postern.model;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An immutable set of UIDs as ascending, disjoint, non-adjacent ranges (RFC 9051 §9 {@code uid-set}, without order or
 * repetition).
 */
public final class UidSet {
    private static final UidSet EMPTY = new UidSet(new long[0]);

    /** first, last, first, last …, both inclusive. */
    private final long[] bounds;

    private UidSet(long[] bounds) {
        this.bounds = bounds;
    }

    public static UidSet empty() {
        return EMPTY;
    }

    public static UidSet of(Uid uid) {
        return range(uid.value(), uid.value());
    }

    /** All UIDs from {@code first} to {@code last}, both inclusive. */
    public static UidSet range(long first, long last) {
        if (first < 1 || last < first || last > Uid.MAX) {
            throw new IllegalArgumentException("bad UID range " + first + ":" + last);
        }
        return new UidSet(new long[] {first, last});
    }

    /** The set of the given values, in any order, repeated or not. */
    public static UidSet of(long... uids) {
        var sorted = uids.clone();
        Arrays.sort(sorted);
        var builder = new Builder();
        for (var uid : sorted) {
            builder.add(uid);
        }
        return builder.build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** How many UIDs the set holds. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    /** The first UID of range {@code index}. */
    public long first(int index) {
        return bounds[2 * index];
    }

    /** The last UID of range {@code index}, inclusive. */
    public long last(int index) {
        return bounds[2 * index + 1];
    }

    public long min() {
        return bounds[0];
    }

    public long max() {
        return bounds[bounds.length - 1];
    }

    public boolean contains(long uid) {
        int at = Arrays.binarySearch(bounds, uid);
        return at >= 0 || (-at - 1) % 2 == 1;
    }

    public void forEach(LongConsumer consumer) {
        for (int i = 0; i < bounds.length; i += 2) {
            for (long uid = bounds[i]; uid <= bounds[i + 1]; uid++) {
                consumer.accept(uid);
            }
        }
    }

    public LongStream stream() {
        return IntStream.range(0, rangeCount()).boxed().flatMapToLong(i -> LongStream.rangeClosed(first(i), last(i)));
    }

    /** This set and the other's UIDs together. */
    public UidSet union(UidSet other) {
        var builder = new Builder();
        int i = 0;
        int j = 0;
        while (i < bounds.length || j < other.bounds.length) {
            boolean mine = j >= other.bounds.length || (i < bounds.length && bounds[i] <= other.bounds[j]);
            if (mine) {
                builder.addRange(bounds[i], bounds[i + 1]);
                i += 2;
            } else {
                builder.addRange(other.bounds[j], other.bounds[j + 1]);
                j += 2;
            }
        }
        return builder.build();
    }

    /** The UIDs that are in both sets. */
    public UidSet intersection(UidSet other) {
        var builder = new Builder();
        int i = 0;
        int j = 0;
        while (i < bounds.length && j < other.bounds.length) {
            long from = Math.max(bounds[i], other.bounds[j]);
            long to = Math.min(bounds[i + 1], other.bounds[j + 1]);
            if (from <= to) {
                builder.addRange(from, to);
            }
            if (bounds[i + 1] < other.bounds[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return builder.build();
    }

    /** The UIDs that are in this set and not in the other. */
    public UidSet without(UidSet other) {
        var builder = new Builder();
        int j = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            long from = bounds[i];
            while (j < other.bounds.length && other.bounds[j + 1] < from) {
                j += 2;
            }
            for (int k = j; k < other.bounds.length && other.bounds[k] <= bounds[i + 1]; k += 2) {
                if (other.bounds[k] > from) {
                    builder.addRange(from, other.bounds[k] - 1);
                }
                from = Math.max(from, other.bounds[k + 1] + 1);
            }
            if (from <= bounds[i + 1]) {
                builder.addRange(from, bounds[i + 1]);
            }
        }
        return builder.build();
    }

    /** The wire form, {@code 1:3,7}; empty text for the empty set. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            if (i > 0) {
                text.append(',');
            }
            text.append(bounds[i]);
            if (bounds[i + 1] != bounds[i]) {
                text.append(':').append(bounds[i + 1]);
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** Collects UIDs that come in ascending order; repetition is harmless. */
    public static final class Builder {
        private long[] bounds = new long[8];
        private int used;

        public Builder add(long uid) {
            return addRange(uid, uid);
        }

        /** @throws IllegalArgumentException when {@code first} lies before the start of the last range added */
        public Builder addRange(long first, long last) {
            if (first < 1 || last < first || last > Uid.MAX) {
                throw new IllegalArgumentException("bad UID range " + first + ":" + last);
            }
            if (used > 0 && first < bounds[used - 2]) {
                throw new IllegalArgumentException("UIDs must ascend: " + first + " after " + bounds[used - 1]);
            }
            if (used > 0 && first <= bounds[used - 1] + 1) {
                bounds[used - 1] = Math.max(bounds[used - 1], last);
                return this;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, used * 2);
            }
            bounds[used++] = first;
            bounds[used++] = last;
            return this;
        }

        public UidSet build() {
            return used == 0 ? EMPTY : new UidSet(Arrays.copyOf(bounds, used));
        }
    }
}
