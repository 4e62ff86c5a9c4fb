package org.postern.mime;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.postern.mime.bytes.Spool;

/** Writes bytes as lines of base64 (RFC 2045 §6.8), as they come; the last line without its end. */
final class Base64Lines {
    /** Bytes of a line of 76 characters. */
    private static final int LINE_BYTES = 57;

    private static final int LINES_AT_ONCE = 128;
    private static final byte[] LINE_END = {'\r', '\n'};

    private final Spool out;
    private final byte[] held = new byte[LINE_BYTES * LINES_AT_ONCE];
    private int length;
    private boolean begun;

    Base64Lines(Spool out) {
        this.out = out;
    }

    void add(byte[] bytes, int from, int to) throws IOException {
        int at = from;
        while (at < to) {
            int piece = Math.min(to - at, held.length - length);
            System.arraycopy(bytes, at, held, length, piece);
            length += piece;
            at += piece;
            if (length == held.length) {
                flush();
            }
        }
    }

    /** What is held, which is whole lines unless it is the last. */
    void flush() throws IOException {
        if (length == 0) {
            return;
        }
        if (begun) {
            out.write(LINE_END);
        }
        begun = true;
        var text = Base64.getMimeEncoder(76, LINE_END).encode(Arrays.copyOf(held, length));
        out.write(text);
        length = 0;
    }
}
