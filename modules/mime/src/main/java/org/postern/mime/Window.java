package org.postern.mime;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** A message's bytes passing by, line by line, with their offsets; only the bytes ahead of a line's start are at hand. */
final class Window {
    private static final int BYTES = 64 * 1024;
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LINE_FEEDS = 0x0A0A0A0A0A0A0A0AL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final InputStream in;
    private final int lookahead;
    private final byte[] buffer;
    /** The offset in the message of {@code buffer[0]}. */
    private long base;

    private int at;
    private int end;
    private boolean ended;
    private int lineEndBytes;
    private byte last;

    /** @param lookahead how many bytes of a line are at hand at its start, unless the message ends before */
    Window(InputStream in, long size, int lookahead) {
        this.in = in;
        this.lookahead = lookahead;
        // One byte more than a small message: its end is seen without moving bytes that a header is still taken from.
        this.buffer = new byte[(int) Math.min(size + 1, Math.max(BYTES, 2 * lookahead))];
    }

    /** Whether another line begins here. */
    boolean hasLine() throws IOException {
        while (end - at < lookahead && !ended) {
            refill();
        }
        return at < end;
    }

    /** The offset in the message. */
    long offset() {
        return base + at;
    }

    /** How many bytes from here are at hand. */
    int ahead() {
        return end - at;
    }

    byte peek(int distance) {
        return buffer[at + distance];
    }

    boolean atBlankLine() {
        return at < end && (buffer[at] == '\n' || (at + 1 < end && buffer[at] == '\r' && buffer[at + 1] == '\n'));
    }

    /** To the next line's start, or to the end of the message. */
    void skipLine() throws IOException {
        last = 0;
        while (true) {
            int found = lineFeed();
            if (found >= 0) {
                byte before = found > at ? buffer[found - 1] : last;
                lineEndBytes = before == '\r' ? 2 : 1;
                at = found + 1;
                return;
            }
            if (end > at) {
                last = buffer[end - 1];
            }
            at = end;
            if (ended) {
                lineEndBytes = 0;
                return;
            }
            refill();
        }
    }

    /** How long the line end of the line just skipped was: 0 (the message ended), 1 or 2. */
    int lineEndBytes() {
        return lineEndBytes;
    }

    /** The bytes from that offset up to here; null when they have passed by. */
    byte @Nullable [] since(long from, long to) {
        if (from < base) {
            return null;
        }
        var bytes = new byte[(int) (to - from)];
        System.arraycopy(buffer, (int) (from - base), bytes, 0, bytes.length);
        return bytes;
    }

    /** Eight bytes at a time: the lowest high bit of {@code zeros} marks the first byte that is a line feed. */
    private int lineFeed() {
        int i = at;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            long word = (long) WORDS.get(buffer, i) ^ LINE_FEEDS;
            long zeros = (word - ONES) & ~word & HIGH_BITS;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < end; i++) {
            if (buffer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void refill() throws IOException {
        if (end == buffer.length && at > 0) {
            System.arraycopy(buffer, at, buffer, 0, end - at);
            base += at;
            end -= at;
            at = 0;
        }
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            ended = true;
        } else {
            end += read;
        }
    }
}
