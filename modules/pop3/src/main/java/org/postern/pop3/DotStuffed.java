package org.postern.pop3;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A message as a multi-line reply: a line that begins with a dot gets another one, and a line with only a dot ends it
 * (RFC 1939 §3).
 *
 * <p>A bare LF, which IMAP APPEND may have brought, goes out as CRLF: a client that takes it for a line end would
 * otherwise see an end of the message that is none.
 */
final class DotStuffed extends FilterOutputStream {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);

    private boolean atLineStart = true;
    private boolean afterCr;

    DotStuffed(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            byte b = bytes[i];
            if (atLineStart && b == '.') {
                out.write(bytes, from, i - from);
                from = i;
                out.write('.');
            }
            if (b == '\n' && !afterCr) {
                out.write(bytes, from, i - from);
                from = i;
                out.write('\r');
            }
            atLineStart = b == '\n';
            afterCr = b == '\r';
        }
        out.write(bytes, from, end - from);
    }

    /** Ends the last line where the message does not, and the reply. */
    void end() throws IOException {
        if (!atLineStart) {
            out.write(CRLF);
        }
        out.write(END);
    }
}
