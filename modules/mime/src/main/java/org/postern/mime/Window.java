package org.postern.mime;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;

/** A message's bytes passing by, line by line, with their offsets; only the bytes ahead of a line's start are at hand. */
final class Window implements AutoCloseable {
    private static final int BYTES = 64 * 1024;

    private final InputStream in;
    private final int lookahead;
    private final byte[] buffer;
    /** The offset in the message of {@code buffer[0]}. */
    private long base;

    private int at;
    private int end;
    private boolean ended;
    private int lines;
    private int lineEndBytes;
    private boolean lineEmpty;

    private Window(InputStream in, byte[] buffer, int lookahead) {
        this.in = in;
        this.buffer = buffer;
        this.lookahead = lookahead;
    }

    /** @param lookahead how many bytes of a line are at hand at its start, unless the message ends before */
    static Window over(MessageBytes message, int lookahead) throws IOException {
        if (message instanceof Spool spool && spool.inHeap()) {
            return over(spool.heap(), (int) spool.size(), lookahead);
        }
        // One byte more than a small message: its end is seen without moving bytes that a header is still taken from.
        long bytes = Math.min(message.size() + 1, Math.max(BYTES, 2 * lookahead));
        return new Window(message.open(), new byte[(int) bytes], lookahead);
    }

    /** Over what is in heap as a whole: nothing is copied, and nothing moves. */
    private static Window over(byte[] message, int size, int lookahead) {
        var window = new Window(InputStream.nullInputStream(), message, lookahead);
        window.end = size;
        window.ended = true;
        return window;
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
        long start = offset();
        byte last = 0;
        int lineFeed;
        while ((lineFeed = ByteSearch.indexOf((byte) '\n', buffer, at, end)) < 0) {
            if (end > at) {
                last = buffer[end - 1];
            }
            at = end;
            if (ended) {
                passed(start, 0);
                return;
            }
            refill();
        }
        passLineFeed(start, lineFeed, last);
    }

    /** Skips those lines before one that starts with that byte that are at hand as a whole: of a large body nearly all. */
    void skipLinesBefore(byte first) {
        int lineFeed;
        while (at < end && buffer[at] != first && (lineFeed = ByteSearch.indexOf((byte) '\n', buffer, at, end)) >= 0) {
            passLineFeed(offset(), lineFeed, (byte) 0);
        }
    }

    /** @param last the byte before those of the line that are still at hand */
    private void passLineFeed(long start, int lineFeed, byte last) {
        byte before = lineFeed > at ? buffer[lineFeed - 1] : last;
        at = lineFeed + 1;
        passed(start, before == '\r' ? 2 : 1);
    }

    private void passed(long start, int endBytes) {
        lines++;
        lineEndBytes = endBytes;
        lineEmpty = offset() - start == endBytes;
    }

    /** How many lines have been skipped. */
    int lines() {
        return lines;
    }

    /** How long the line end of the line just skipped was: 0 (the message ended), 1 or 2. */
    int lineEndBytes() {
        return lineEndBytes;
    }

    /** Whether the line just skipped was nothing but its line end. */
    boolean isLineEmpty() {
        return lineEmpty;
    }

    /** The fields between these offsets, to be read before another line is looked at; null when some have passed by. */
    @Nullable
    FieldCursor fields(long from, long to) {
        return from < base ? null : new FieldCursor(buffer, (int) (from - base), (int) (to - base));
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

    @Override
    public void close() throws IOException {
        in.close();
    }
}
