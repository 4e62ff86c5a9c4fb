package org.postern.mime.bytes;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/** One array of a small message, which grows with it up to a bound. */
final class SpoolHeap implements SpoolPlace {
    private static final int FIRST_BYTES = 4 * 1024;
    private static final byte[] NOTHING = {};

    private final int most;
    private byte[] bytes;
    private int held;

    private SpoolHeap(int most, byte[] bytes) {
        this.most = most;
        this.bytes = bytes;
        this.held = bytes.length;
    }

    static SpoolHeap upTo(int most) {
        return new SpoolHeap(most, NOTHING);
    }

    /** Of bytes that nobody changes any more. */
    static SpoolHeap of(byte[] bytes) {
        return new SpoolHeap(bytes.length, bytes);
    }

    @Override
    public boolean append(byte[] more, int offset, int length) {
        if (length > most - held) {
            return false;
        }
        int needed = held + length;
        if (needed > bytes.length) {
            long roomier = Math.max(Math.max(FIRST_BYTES, needed), 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(roomier, most)));
        }
        System.arraycopy(more, offset, bytes, held, length);
        held = needed;
        return true;
    }

    @Override
    public long size() {
        return held;
    }

    /** All of them, from the first place on; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public void finish() {
        // Nothing waits to be written.
    }

    @Override
    public InputStream open(long from, long length) {
        return new ByteArrayInputStream(bytes, (int) from, (int) length);
    }

    @Override
    public void close() {
        bytes = NOTHING;
    }
}
