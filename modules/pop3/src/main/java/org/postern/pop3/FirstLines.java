package org.postern.pop3;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes a message's header, the blank line and the first lines of its body; drops the rest. */
final class FirstLines extends FilterOutputStream {
    private int bodyLinesLeft;
    private boolean inBody;
    private boolean lineIsBlank = true;
    private boolean done;

    FirstLines(OutputStream out, int bodyLines) {
        super(out);
        this.bodyLinesLeft = bodyLines;
    }

    /** Whether nothing more will be passed. */
    boolean isDone() {
        return done;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset;
        while (end < offset + length && !done) {
            pass(bytes[end++]);
        }
        out.write(bytes, offset, end - offset);
    }

    private void pass(byte b) {
        if (b != '\n') {
            lineIsBlank &= b == '\r';
            return;
        }
        if (inBody) {
            done = --bodyLinesLeft == 0;
        } else if (lineIsBlank) {
            inBody = true;
            done = bodyLinesLeft == 0;
        }
        lineIsBlank = true;
    }
}
