package org.postern.transfer.mbox;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body without the quoting of its {@code From } lines. */
final class Unquoted extends FilterInputStream {
    private static final int BUFFER = 16 * 1024;
    /** As many arrows as anybody has ever seen, and {@code From }. */
    private static final int LOOK = 256;

    private final Quoting quoting;
    private final boolean measured;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private boolean atLineStart = true;

    Unquoted(InputStream in, Quoting quoting, boolean measured) {
        super(in);
        this.quoting = quoting;
        this.measured = measured;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (end - at < LOOK) {
            fill();
        }
        if (at == end) {
            return -1;
        }
        if (atLineStart) {
            at += quotesHere();
            atLineStart = false;
        }
        int to = at;
        int limit = Math.min(end, at + length);
        while (to < limit && !atLineStart) {
            atLineStart = buffer[to++] == '\n';
        }
        System.arraycopy(buffer, at, into, offset, to - at);
        int count = to - at;
        at = to;
        return count;
    }

    private int quotesHere() {
        if (buffer[at] != '>') {
            return 0;
        }
        int length = Math.min(LOOK, end - at);
        var line = new byte[length];
        System.arraycopy(buffer, at, line, 0, length);
        return quoting.quotes(line, length, measured);
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        while (end < LOOK) {
            int more = in.read(buffer, end, buffer.length - end);
            if (more < 0) {
                return;
            }
            end += more;
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
