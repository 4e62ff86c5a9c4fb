package org.postern.accounts;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * MD5 (RFC 1321) from a state on, as HMAC with stored states wants it (RFC 2104 §4): the JDK's begins only at the
 * beginning. For CRAM-MD5 and nothing else.
 */
final class Md5 {
    static final int BLOCK = 64;
    static final int STATE = 16;

    private static final int[] INITIAL = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
    private static final int[][] SHIFTS = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
    private static final int[] SINES = sines();

    private Md5() {}

    /** The state after a message's first block. */
    static byte[] stateAfter(byte[] block) {
        return bytes(compress(INITIAL, ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN)));
    }

    /** The digest of a message whose first block led to {@code state} and that goes on with {@code rest}. */
    static byte[] digest(byte[] state, byte[] rest) {
        int padded = (rest.length + 1 + Long.BYTES + BLOCK - 1) / BLOCK * BLOCK;
        var blocks = ByteBuffer.wrap(Arrays.copyOf(rest, padded)).order(ByteOrder.LITTLE_ENDIAN);
        blocks.put(rest.length, (byte) 0x80).putLong(padded - Long.BYTES, (BLOCK + (long) rest.length) * Byte.SIZE);
        var at = words(state);
        while (blocks.hasRemaining()) {
            at = compress(at, blocks);
        }
        return bytes(at);
    }

    /** RFC 1321 §3.4: one block, four rounds of sixteen steps. */
    private static int[] compress(int[] state, ByteBuffer block) {
        var x = new int[BLOCK / Integer.BYTES];
        for (int i = 0; i < x.length; i++) {
            x[i] = block.getInt();
        }
        int a = state[0];
        int b = state[1];
        int c = state[2];
        int d = state[3];
        for (int i = 0; i < BLOCK; i++) {
            int round = i / 16;
            int mixed = a + mix(round, b, c, d) + x[word(round, i)] + SINES[i];
            a = d;
            d = c;
            c = b;
            b += Integer.rotateLeft(mixed, SHIFTS[round][i % 4]);
        }
        return new int[] {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
    }

    private static int mix(int round, int b, int c, int d) {
        return switch (round) {
            case 0 -> (b & c) | (~b & d);
            case 1 -> (b & d) | (c & ~d);
            case 2 -> b ^ c ^ d;
            default -> c ^ (b | ~d);
        };
    }

    private static int word(int round, int i) {
        return switch (round) {
            case 0 -> i;
            case 1 -> (5 * i + 1) % 16;
            case 2 -> (3 * i + 5) % 16;
            default -> (7 * i) % 16;
        };
    }

    private static int[] sines() {
        var sines = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            sines[i] = (int) (long) (StrictMath.abs(StrictMath.sin(i + 1)) * (1L << Integer.SIZE));
        }
        return sines;
    }

    private static int[] words(byte[] state) {
        var buffer = ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN);
        return new int[] {buffer.getInt(), buffer.getInt(), buffer.getInt(), buffer.getInt()};
    }

    private static byte[] bytes(int[] words) {
        var buffer = ByteBuffer.allocate(STATE).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            buffer.putInt(word);
        }
        return buffer.array();
    }
}
