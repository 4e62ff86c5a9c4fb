package org.postern.imap.grammar;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.postern.net.LineTooLong;

/** A client that has said everything already; counts how often it is invited. */
final class WrittenSource implements CommandSource {
    private final ByteArrayInputStream in;
    private int invitations;

    WrittenSource(byte[] bytes) {
        this.in = new ByteArrayInputStream(bytes);
    }

    static WrittenSource of(String text) {
        return new WrittenSource(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] line(int maxBytes) throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            if (b == '\n') {
                var bytes = line.toByteArray();
                int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
                return java.util.Arrays.copyOf(bytes, end);
            }
            line.write(b);
            if (line.size() > maxBytes + 1) {
                throw new LineTooLong(maxBytes);
            }
        }
    }

    @Override
    public void transfer(long count, OutputStream to) throws IOException {
        if (in.available() < count) {
            throw new EOFException();
        }
        to.write(in.readNBytes((int) count));
    }

    @Override
    public void invite() {
        invitations++;
    }

    int invitations() {
        return invitations;
    }
}
