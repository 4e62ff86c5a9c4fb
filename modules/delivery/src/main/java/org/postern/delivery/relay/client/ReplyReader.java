package org.postern.delivery.relay.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads replies (RFC 5321 §4.2.1), each line and their number bounded. */
final class ReplyReader {
    private static final int BUFFER_BYTES = 4096;
    private static final int CODE_DIGITS = 3;

    private final InputStream in;
    private final ClientLimits limits;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;

    ReplyReader(InputStream in, ClientLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** Whether the other host has said more than was asked: behind STARTTLS that is an attack (RFC 3207 §6). */
    boolean hasMore() {
        return from < to;
    }

    Reply read() throws IOException {
        return read(new ArrayList<>());
    }

    /** @param lines gets the text of each line */
    Reply read(List<String> lines) throws IOException {
        while (true) {
            var line = line();
            int code = code(line);
            lines.add(line.length() > CODE_DIGITS ? line.substring(CODE_DIGITS + 1) : "");
            if (line.length() == CODE_DIGITS || line.charAt(CODE_DIGITS) == ' ') {
                return Reply.of(code, lines, limits.keptText());
            }
            if (line.charAt(CODE_DIGITS) != '-') {
                throw new NoSmtp("the reply has no code");
            }
            if (lines.size() == limits.replyLines()) {
                throw new NoSmtp("the reply has more than " + limits.replyLines() + " lines");
            }
        }
    }

    private static int code(String line) throws NoSmtp {
        if (line.length() < CODE_DIGITS
                || line.charAt(0) < '2'
                || line.charAt(0) > '5'
                || !isDigit(line.charAt(1))
                || !isDigit(line.charAt(2))) {
            throw new NoSmtp("the reply has no code");
        }
        return Integer.parseInt(line.substring(0, CODE_DIGITS));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Without its line end; a bare LF is taken for one, for some hosts send it. */
    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        while (true) {
            int b = next();
            if (b == '\n') {
                var text = line.toString(ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() == limits.replyLine()) {
                throw new NoSmtp("a line of the reply has more than " + limits.replyLine() + " bytes");
            }
            line.write(b);
        }
    }

    private int next() throws IOException {
        if (from == to) {
            int got = in.read(buffer);
            if (got < 0) {
                throw new EOFException("the connection was closed");
            }
            from = 0;
            to = got;
        }
        return buffer[from++] & 0xFF;
    }
}
