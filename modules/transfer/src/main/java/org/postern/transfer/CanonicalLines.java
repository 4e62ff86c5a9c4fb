package org.postern.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A message of a file with the line ends that mail has: a bare LF becomes CRLF (RFC 5322 §2.3); a bare CR stays. */
public final class CanonicalLines extends FilterInputStream {
    private static final int BUFFER = 16 * 1024;

    private final byte[] read = new byte[BUFFER];
    private int at;
    private int end;
    private boolean afterCr;
    /** A CR was given out for the LF that is next. */
    private boolean owesLf;

    public CanonicalLines(InputStream in) {
        super(in);
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
        if (at == end && !fill()) {
            return -1;
        }
        int to = offset;
        int limit = offset + length;
        while (to < limit && at < end) {
            byte b = read[at];
            if (b == '\n' && !afterCr && !owesLf) {
                into[to++] = '\r';
                owesLf = true;
                continue;
            }
            into[to++] = b;
            at++;
            afterCr = b == '\r';
            owesLf = false;
        }
        return to - offset;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, in.read(read, 0, read.length));
        return end > 0;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
