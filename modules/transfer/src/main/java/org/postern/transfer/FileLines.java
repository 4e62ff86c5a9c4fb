package org.postern.transfer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A message with the line ends that files have: CRLF becomes LF; all else stays. */
public final class FileLines extends FilterOutputStream {
    private boolean owesCr;

    public FileLines(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (owesCr) {
                owesCr = false;
                if (bytes[i] != '\n') {
                    out.write('\r');
                }
            }
            if (bytes[i] == '\r') {
                out.write(bytes, from, i - from);
                from = i + 1;
                owesCr = true;
            }
        }
        out.write(bytes, from, end - from);
    }

    /** Ends the message; what is below stays open. */
    public void end() throws IOException {
        if (owesCr) {
            owesCr = false;
            out.write('\r');
        }
    }

    @Override
    public void close() throws IOException {
        end();
        out.close();
    }
}
