package org.postern.mime;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream's bytes in pieces: lines, and what is too long for one piece in several. Only CRLF ends a line here, for what is binary is full
 * of CR and LF (RFC 3030 §3, RFC 2046 §5.1.1). Bounded memory; one thread.
 */
final class CrlfPieces {
    /** Longer than any line that is looked at as a whole. */
    static final int PIECE_BYTES = 32 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[PIECE_BYTES];
    private int filled;
    private int from;
    private int to;
    private boolean startsLine;
    private boolean endsLine = true;

    CrlfPieces(InputStream in) {
        this.in = in;
    }

    /** To the next piece; false at the end. */
    boolean next() throws IOException {
        startsLine = endsLine;
        from = to;
        int at = from;
        while (true) {
            for (; at < filled; at++) {
                if (buffer[at] == '\n' && at > from && buffer[at - 1] == '\r') {
                    to = at + 1;
                    endsLine = true;
                    return true;
                }
            }
            if (filled - from == PIECE_BYTES) {
                to = buffer[filled - 1] == '\r' ? filled - 1 : filled; // Its LF may follow.
                endsLine = false;
                return true;
            }
            at -= from;
            compact();
            int read = in.read(buffer, filled, PIECE_BYTES - filled);
            if (read < 0) {
                to = filled;
                endsLine = false;
                return filled > 0;
            }
            filled += read;
        }
    }

    private void compact() {
        System.arraycopy(buffer, from, buffer, 0, filled - from);
        filled -= from;
        from = 0;
    }

    /** Where the pieces lie; changed by {@link #next}. */
    byte[] buffer() {
        return buffer;
    }

    int from() {
        return from;
    }

    /** Behind the piece, its line end included. */
    int to() {
        return to;
    }

    /** Behind its text. */
    int textEnd() {
        return endsLine ? to - 2 : to;
    }

    boolean startsLine() {
        return startsLine;
    }

    boolean endsLine() {
        return endsLine;
    }

    boolean isBlankLine() {
        return startsLine && endsLine && to - from == 2;
    }
}
