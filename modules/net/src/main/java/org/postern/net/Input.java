package org.postern.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the client sends, blocking. Every wait is bounded by {@link NetLimits#slowInput} ({@link SlowInput}) and throws
 * {@link PeerGone} at the end of the stream. Wait for a command's first byte with {@link Connection#await}. Session's
 * thread only.
 */
public final class Input {
    private static final byte[] NOTHING = {};

    private final Traffic traffic;
    /** The chunk at hand; given back as soon as it is read, so that an idle connection holds none. */
    private byte[] chunk = NOTHING;

    private int at;

    Input(Traffic traffic) {
        this.traffic = traffic;
    }

    /** The next byte, 0 to 255. Cheap: made for parsers that go byte by byte. */
    public int read() throws IOException {
        if (at == chunk.length) {
            fill(traffic.slowInputDeadline());
        }
        return chunk[at++] & 0xff;
    }

    /** The byte that {@link #read()} will return. */
    public int peek() throws IOException {
        if (at == chunk.length) {
            fill(traffic.slowInputDeadline());
        }
        return chunk[at] & 0xff;
    }

    /**
     * At least one byte, at most {@code length}, as many as are there.
     *
     * @return how many; 0 only for a length of 0
     */
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at == chunk.length) {
            fill(traffic.slowInputDeadline());
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, count);
        consume(count);
        return count;
    }

    /**
     * One line as it came, up to and including its LF: bare CRs, bare LFs and NULs are the caller's to judge. The whole line
     * has {@link NetLimits#slowInput} to arrive.
     *
     * @param maxBytes with the line end
     * @throws LineTooLong when no LF is among the first {@code maxBytes}; they are consumed, {@link #skipLine} drops the rest
     */
    public byte[] readLine(int maxBytes) throws IOException {
        long deadline = traffic.slowInputDeadline();
        ByteArrayOutputStream earlier = null; // Nearly every line lies in one chunk.
        int left = maxBytes;
        while (true) {
            if (at == chunk.length) {
                fill(deadline);
            }
            int count = throughLf(left);
            boolean whole = count > 0 && chunk[at + count - 1] == '\n';
            if (whole && earlier == null) {
                var line = Arrays.copyOfRange(chunk, at, at + count);
                consume(count);
                return line;
            }
            if (earlier == null) {
                earlier = new ByteArrayOutputStream(2 * count);
            }
            earlier.write(chunk, at, count);
            consume(count);
            left -= count;
            if (whole) {
                return earlier.toByteArray();
            }
            if (left == 0) {
                throw new LineTooLong(maxBytes);
            }
        }
    }

    /**
     * Drops everything up to and including the next LF.
     *
     * @throws LineTooLong after {@code maxBytes} without one
     */
    public void skipLine(long maxBytes) throws IOException {
        long deadline = traffic.slowInputDeadline();
        long left = maxBytes;
        while (left > 0) {
            if (at == chunk.length) {
                fill(deadline);
            }
            int count = throughLf((int) Math.min(left, Integer.MAX_VALUE));
            boolean whole = chunk[at + count - 1] == '\n';
            consume(count);
            if (whole) {
                return;
            }
            left -= count;
        }
        throw new LineTooLong(maxBytes);
    }

    /** Moves exactly {@code bytes} into {@code to} as they come, never holding more than the inbox in memory. */
    public void transfer(long bytes, OutputStream to) throws IOException {
        for (long left = bytes; left > 0; ) {
            if (at == chunk.length) {
                fill(traffic.slowInputDeadline());
            }
            int count = (int) Math.min(left, chunk.length - at);
            to.write(chunk, at, count);
            consume(count);
            left -= count;
        }
    }

    /** Drops exactly {@code bytes}. */
    public void skip(long bytes) throws IOException {
        transfer(bytes, OutputStream.nullOutputStream());
    }

    /**
     * Lends the bytes at hand, at least one, to {@code scanner}.
     *
     * @return how many it took
     */
    public int scan(ByteScanner scanner) throws IOException {
        if (at == chunk.length) {
            fill(traffic.slowInputDeadline());
        }
        int count = Objects.checkIndex(scanner.take(chunk, at, chunk.length), chunk.length - at + 1);
        consume(count);
        return count;
    }

    /** Whether a read would not wait: a pipelined command, or bytes sent too early. */
    public boolean hasBufferedBytes() throws IOException {
        return at < chunk.length || traffic.hasInput();
    }

    /** How many bytes from here, at most {@code max}, end with the first LF or the chunk. */
    private int throughLf(int max) {
        int end = at + Math.min(max, chunk.length - at);
        for (int i = at; i < end; i++) {
            if (chunk[i] == '\n') {
                return i + 1 - at;
            }
        }
        return end - at;
    }

    private void consume(int count) {
        at += count;
        release();
    }

    /** Gives back a chunk that has been read: an idle connection holds none. */
    void release() {
        if (at == chunk.length) {
            chunk = NOTHING;
            at = 0;
        }
    }

    private void fill(long deadline) throws IOException {
        release(); // Not held while we wait.
        chunk = traffic.take(deadline);
    }
}
