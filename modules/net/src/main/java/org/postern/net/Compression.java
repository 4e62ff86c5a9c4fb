package org.postern.net;

import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * DEFLATE in both directions of one connection (RFC 4978 §3, RFC 1951). What comes in is inflated piece by piece, so that a
 * few bytes that stand for many cost no memory; the deflater, 262 KiB of native memory, is given back while the connection
 * is idle: a new one goes on at the byte where the old one flushed, only without its memory of what was sent. Session's
 * thread only.
 */
final class Compression implements AutoCloseable {
    /** What one step brings at most, in and out. */
    static final int PIECE = 16 << 10;
    /** Mail text shrinks nearly as well as at higher levels, in a third of the time. */
    private static final int LEVEL = 3;

    private final Inflater inflater = new Inflater(true);
    private @Nullable Deflater deflater;
    /** Known to be there and not yet taken. */
    private byte @Nullable [] inflated;

    /** Takes compressed bytes. */
    @FunctionalInterface
    interface Sink {
        /** @param bytes not used again by the caller */
        void put(byte[] bytes, int offset, int length) throws IOException;
    }

    /** Whether the client has sent something that is not yet taken; compressed bytes alone may stand for nothing. */
    boolean hasInput(Inbox inbox) throws IOException {
        if (inflated == null) {
            inflated = next(inbox);
        }
        return inflated != null;
    }

    /** The next bytes from the client, at most {@link #PIECE}; null when there are none yet. */
    byte @Nullable [] next(Inbox inbox) throws IOException {
        var some = inflated;
        inflated = null;
        while (some == null) {
            some = inflate();
            if (some == null) {
                var chunk = inbox.poll();
                if (chunk == null) {
                    return null;
                }
                inflater.setInput(chunk);
            }
        }
        return some;
    }

    private byte @Nullable [] inflate() throws IOException {
        if (inflater.needsInput()) {
            return null;
        }
        var piece = new byte[PIECE];
        try {
            int length = inflater.inflate(piece);
            if (length > 0) {
                return length == PIECE ? piece : Arrays.copyOf(piece, length);
            }
            if (inflater.finished() || inflater.needsDictionary()) {
                throw new BadCompression("the compressed stream has ended");
            }
            return null;
        } catch (DataFormatException e) {
            throw new BadCompression("the compressed stream is damaged");
        }
    }

    /** Compresses the bytes so that the client can read all of them at once. */
    void deflate(byte[] bytes, int offset, int length, Sink to) throws IOException {
        var running = deflater;
        if (running == null) {
            running = new Deflater(LEVEL, true);
            deflater = running;
        }
        running.setInput(bytes, offset, length);
        int count;
        do {
            var piece = new byte[PIECE];
            count = running.deflate(piece, 0, PIECE, Deflater.SYNC_FLUSH);
            if (count > 0) {
                to.put(piece, 0, count);
            }
        } while (count == PIECE);
    }

    /** Nothing will be sent for a while. */
    void rest() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
    }

    @Override
    public void close() {
        rest();
        inflater.end();
    }
}
