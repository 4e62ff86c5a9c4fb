package org.postern.mailstore.search;

import java.util.Arrays;

/** Three bytes in a row, hashed to one of a block's bitmaps. The hash is part of what is stored: it may not change. */
final class Grams {
    static final int BYTES = 3;

    private static final int SLOT_BITS = 14;
    /** Bitmaps of a block: with the 2,000 different grams of an ordinary message, one in eight is set. */
    static final int SLOTS = 1 << SLOT_BITS;

    private static final int MULTIPLIER = 0x9E3779B1; // Knuth's, for words of 32 bits.

    private Grams() {}

    /** The bitmaps of all grams of a pattern, each once; none when it is shorter than a gram. */
    static int[] slots(byte[] pattern) {
        int count = Math.max(0, pattern.length - BYTES + 1);
        var slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = slot(pattern, i);
        }
        return Arrays.stream(slots).distinct().toArray();
    }

    /** Sets one text's bit in the bitmap of each of its grams. */
    static void mark(byte[] text, int bit, byte[] bitmaps, int bitmapBytes) {
        byte mask = (byte) (1 << (bit % Byte.SIZE));
        int at = bit / Byte.SIZE;
        for (int i = 0; i + BYTES <= text.length; i++) {
            bitmaps[slot(text, i) * bitmapBytes + at] |= mask;
        }
    }

    private static int slot(byte[] text, int at) {
        int gram = (text[at] & 0xFF) << 16 | (text[at + 1] & 0xFF) << 8 | (text[at + 2] & 0xFF);
        return (gram * MULTIPLIER) >>> (Integer.SIZE - SLOT_BITS);
    }
}
