package org.postern.mime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for a byte eight at a time: messages are searched for line feeds and NULs as they come in. */
public final class ByteSearch {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private ByteSearch() {}

    /**
     * Where the byte first is.
     *
     * @param to behind the last place where it may be
     * @return −1 when it is not there
     */
    public static int indexOf(byte wanted, byte[] bytes, int from, int to) {
        long pattern = (wanted & 0xFF) * ONES;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i) ^ pattern;
            long zeros =
                    (word - ONES) & ~word & HIGH_BITS; // Its lowest bit is in the first byte that is the wanted one.
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Where the first byte of those from 0 up to this one is.
     *
     * @param most of US-ASCII
     * @param to behind the last place where it may be
     * @return −1 when there is none
     */
    public static int indexOfAtMost(byte most, byte[] bytes, int from, int to) {
        long pattern = (most + 1) * ONES;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) WORDS.get(bytes, i);
            long less = (word - pattern) & ~word & HIGH_BITS; // Its lowest bit is in the first byte that is less.
            if (less != 0) {
                return i + (Long.numberOfTrailingZeros(less) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] >= 0 && bytes[i] <= most) {
                return i;
            }
        }
        return -1;
    }
}
