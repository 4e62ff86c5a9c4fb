package org.postern.mailstore;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.model.Keyword;
import org.postern.model.SystemFlag;

/** Up to {@value #CAPACITY} neighbouring messages of a snapshot in compact arrays: never changed, shared by snapshots. */
final class Chunk {
    static final int CAPACITY = 512;

    final int size;
    /** Unsigned. */
    private final int[] uids;

    private final byte[] bits;
    private final long[] modseqs;
    private final long[] dates;
    private final int[] sizes;
    private final long[] contents;
    /** Null where no message has any, which is most often. */
    private final @Nullable List<Keyword> @Nullable [] keywords;

    private Chunk(Builder from) {
        size = from.size;
        uids = Arrays.copyOf(from.uids, size);
        bits = Arrays.copyOf(from.bits, size);
        modseqs = Arrays.copyOf(from.modseqs, size);
        dates = Arrays.copyOf(from.dates, size);
        sizes = Arrays.copyOf(from.sizes, size);
        contents = Arrays.copyOf(from.contents, size);
        keywords = from.hasKeywords ? Arrays.copyOf(from.keywords, size) : null;
    }

    long uid(int at) {
        return Integer.toUnsignedLong(uids[at]);
    }

    long first() {
        return uid(0);
    }

    long last() {
        return uid(size - 1);
    }

    int bits(int at) {
        return bits[at];
    }

    long modseq(int at) {
        return modseqs[at];
    }

    long date(int at) {
        return dates[at];
    }

    int size(int at) {
        return sizes[at];
    }

    long content(int at) {
        return contents[at];
    }

    List<Keyword> keywords(int at) {
        if (keywords == null) {
            return List.of();
        }
        var some = keywords[at];
        return some == null ? List.of() : some;
    }

    MessageRow row(int at) {
        return new MessageRow(uid(at), bits[at], keywords(at), modseqs[at], dates[at], sizes[at], contents[at]);
    }

    /** As {@link Arrays#binarySearch(long[], long)}. */
    int indexOf(long uid) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = uid(middle);
            if (there < uid) {
                low = middle + 1;
            } else if (there > uid) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -low - 1;
    }

    int firstUnseen() {
        for (int i = 0; i < size; i++) {
            if ((bits[i] & SystemFlag.SEEN.bit()) == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Collects messages by ascending UID. */
    static final class Builder {
        private final int[] uids = new int[CAPACITY];
        private final byte[] bits = new byte[CAPACITY];
        private final long[] modseqs = new long[CAPACITY];
        private final long[] dates = new long[CAPACITY];
        private final int[] sizes = new int[CAPACITY];
        private final long[] contents = new long[CAPACITY];

        @SuppressWarnings({"unchecked", "rawtypes"}) // Arrays know no type arguments.
        private final @Nullable List<Keyword>[] keywords = new List[CAPACITY];

        private boolean hasKeywords;
        private int size;

        int size() {
            return size;
        }

        void add(long uid, int systemBits, List<Keyword> words, long modseq, long date, int bytes, long content) {
            uids[size] = (int) uid;
            bits[size] = (byte) systemBits;
            modseqs[size] = modseq;
            dates[size] = date;
            sizes[size] = bytes;
            contents[size] = content;
            keywords[size] = words.isEmpty() ? null : words;
            hasKeywords |= !words.isEmpty();
            size++;
        }

        void add(MessageRow row) {
            add(row.uid(), row.bits(), row.keywords(), row.modseq(), row.date(), row.size(), row.content());
        }

        void add(Chunk from, int at) {
            add(
                    from.uid(at),
                    from.bits[at],
                    from.keywords(at),
                    from.modseqs[at],
                    from.dates[at],
                    from.sizes[at],
                    from.contents[at]);
        }

        /** The messages added since the last call. */
        Chunk take() {
            var chunk = new Chunk(this);
            size = 0;
            hasKeywords = false;
            return chunk;
        }
    }
}
