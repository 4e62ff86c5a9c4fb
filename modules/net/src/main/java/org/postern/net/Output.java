package org.postern.net;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * What the client is sent, blocking. Small writes gather in a buffer until {@link #flush()} (or {@link Connection#await});
 * large ones pass through without a copy. A client that takes nothing for {@link NetLimits#slowReader} is closed
 * ({@link SlowReader}). Session's thread only.
 */
public final class Output extends OutputStream {
    /** One TLS record's worth (RFC 8446 §5.1). */
    static final int FULL_BUFFER = 16 << 10;

    /** Larger writes are sent in such pieces: each taken by the client is progress. */
    private static final int PIECE = 32 << 10;

    private static final int FIRST_BUFFER = 256;
    private static final byte[] NOTHING = {};

    private final Traffic traffic;
    /** Handed to the event loop with each flush, so that an idle connection holds none. */
    private byte[] buffer = NOTHING;

    private int filled;

    Output(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public void write(int b) throws IOException {
        room(1);
        buffer[filled++] = (byte) b;
    }

    /** The array may be changed afterwards. */
    @Override
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /**
     * The array may be changed afterwards: 16 KiB and more are sent from where they lie, and this returns when the client's
     * kernel or ours has them all.
     */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length >= FULL_BUFFER) {
            flush();
            for (int sent = 0; sent < length; sent += PIECE) {
                traffic.put(bytes, offset + sent, Math.min(PIECE, length - sent));
            }
            traffic.awaitPending(0); // Until then the array is not the caller's again.
            return;
        }
        room(length);
        System.arraycopy(bytes, offset, buffer, filled, length);
        filled += length;
    }

    /** Characters of ASCII; others become '?'. */
    public void writeAscii(CharSequence text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            room(1);
            buffer[filled++] = (byte) (c < 0x80 ? c : '?');
        }
    }

    /** Sends what is gathered; does not wait for the client to take it. */
    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            int length = filled;
            var full = buffer;
            buffer = NOTHING;
            filled = 0;
            traffic.put(full, 0, length);
        }
    }

    /** Flushes: the connection itself is closed by {@link Connection#close()}. */
    @Override
    public void close() throws IOException {
        flush();
    }

    /** Makes room for {@code more}, less than a full buffer, by growing it or sending it. */
    private void room(int more) throws IOException {
        if (filled + more <= buffer.length) {
            return;
        }
        if (filled + more > FULL_BUFFER) {
            flush();
        }
        int size = Math.max(FIRST_BUFFER, buffer.length);
        while (size < filled + more) {
            size *= 4;
        }
        buffer = Arrays.copyOf(buffer, size);
    }
}
