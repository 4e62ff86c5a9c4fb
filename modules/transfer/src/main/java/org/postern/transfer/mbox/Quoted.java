package org.postern.transfer.mbox;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A message with LF line ends on its way into an mboxrd: lines of {@code >*From } get one more {@code >}; the header gets the
 * mbox's own fields, and keeps none that only look like them.
 */
final class Quoted extends FilterOutputStream {
    /** A field's name, or arrows and From: no more of a line is looked at. */
    private static final int LOOK = 256;

    private final byte[] fields;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(LOOK);
    private boolean inHeader = true;
    /** The line is known to be written, or not. */
    private boolean decided;

    private boolean drops;

    /** @param fields of the mbox; they end the header */
    Quoted(OutputStream out, byte[] fields) {
        super(out);
        this.fields = fields;
    }

    @Override
    public void write(int b) throws IOException {
        if (!decided) {
            line.write(b);
            if (b == '\n' || line.size() == LOOK) {
                decide();
            }
        } else if (!drops) {
            out.write(b);
        }
        if (b == '\n') {
            decided = false;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (!decided) {
                write(bytes[i++]);
                continue;
            }
            int from = i;
            while (i < end && bytes[i] != '\n') {
                i++;
            }
            i = Math.min(end, i + 1);
            if (!drops) {
                out.write(bytes, from, i - from);
            }
            decided = bytes[i - 1] != '\n';
        }
    }

    private void decide() throws IOException {
        var begin = line.toByteArray();
        line.reset();
        decided = true;
        if (inHeader) {
            decideField(begin);
        } else if (Quoting.MBOXRD.quotes(begin, begin.length, false) > 0 || FromLine.begins(begin, 0, begin.length)) {
            out.write('>');
        }
        if (!drops) {
            out.write(begin);
        }
    }

    private void decideField(byte[] begin) throws IOException {
        if (begin.length == 1) {
            inHeader = false;
            drops = false;
            out.write(fields);
        } else if (begin[0] != ' ' && begin[0] != '\t') {
            var name = new String(begin, StandardCharsets.ISO_8859_1).split(":", 2)[0];
            drops = Status.FIELDS.contains(name.strip().toLowerCase(Locale.ROOT));
            if (FromLine.begins(begin, 0, begin.length)) {
                out.write('>'); // No field; but it would be taken for the next message.
            }
        }
    }

    /** Ends the message, and the line it may have left open, with the blank line that is between messages. */
    void end() throws IOException {
        boolean open = decided || line.size() > 0;
        if (line.size() > 0) {
            decide();
        }
        if (open && !drops) {
            out.write('\n');
        }
        if (inHeader) {
            out.write(fields);
            out.write('\n');
        }
        out.write('\n');
    }
}
