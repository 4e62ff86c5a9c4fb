package org.postern.bench.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.postern.bench.peer.MailServer;
import org.postern.bench.peer.MailboxServer;

/** A client that does as little as a client can, so that the server is what is measured: it counts lines and bytes. */
public final class ImapClient implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final byte[] CRLF = {'\r', '\n'};

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;
    private int tags;

    /** Of the line read last: its end is enough to see a literal, its beginning to see what it is. */
    private String line = "";

    /**
     * What came back.
     *
     * @param lines untagged ones
     * @param bytes of all, literals included
     */
    public record Answer(int lines, long bytes) {}

    /** @param socket to an IMAP server that has yet to greet */
    ImapClient(Socket socket) throws IOException {
        this.socket = socket;
        in = socket.getInputStream();
        out = socket.getOutputStream();
        readLine();
    }

    public static ImapClient loggedIn(MailboxServer server, int mailbox) {
        try {
            var client = new ImapClient(TlsSocket.connect(server.imaps()));
            client.logIn(server.login(mailbox));
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void logIn(MailServer.Login login) {
        command("LOGIN " + login.user() + " " + login.secret());
    }

    /** @throws IllegalStateException unless the server says OK */
    public Answer command(String text) {
        send(("t" + ++tags + " " + text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        return answer();
    }

    /** One message with a literal that the server need not ask for. */
    public Answer append(String folder, byte[] message) {
        var head = ("t" + ++tags + " APPEND " + folder + " {" + message.length + "+}\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        var all = new byte[head.length + message.length + 2];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(message, 0, all, head.length, message.length);
        System.arraycopy(CRLF, 0, all, head.length + message.length, 2);
        send(all);
        return answer();
    }

    /** Begins IDLE; what comes then is read with {@link #expectLine}. */
    public void idle() {
        send(("t" + ++tags + " IDLE\r\n").getBytes(StandardCharsets.ISO_8859_1));
        awaitLine("+");
    }

    /** Reads on until a line has this in it. */
    private void awaitLine(String part) {
        try {
            do {
                readLine();
            } while (!line.contains(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalStateException unless the next line has this in it */
    void expectLine(String part) {
        try {
            readLine();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!line.contains(part)) {
            throw new IllegalStateException("the server says " + line);
        }
    }

    private void send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer answer() {
        var tag = "t" + tags + " ";
        int lines = 0;
        long bytes = 0;
        try {
            while (true) {
                bytes += readLine();
                if (line.startsWith(tag)) {
                    if (!line.startsWith("OK", tag.length())) {
                        throw new IllegalStateException("the server says " + line);
                    }
                    return new Answer(lines, bytes);
                }
                lines++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line with its literals; says how many bytes. */
    private long readLine() throws IOException {
        long bytes = 0;
        boolean first = true;
        while (true) {
            int length = scanLine();
            bytes += length;
            var text = new String(buffer, start - length, Math.min(length, 80), StandardCharsets.ISO_8859_1);
            if (first) {
                line = text;
                first = false;
            }
            long literal = literal(length);
            if (literal < 0) {
                return bytes;
            }
            skip(literal);
            bytes += literal;
        }
    }

    /** Takes one line, its CRLF included, out of the buffer, where its bytes stay until the next read; says how many. */
    private int scanLine() throws IOException {
        int at = start;
        while (true) {
            while (at < end) {
                if (buffer[at++] == '\n') {
                    int length = at - start;
                    start = at;
                    return length;
                }
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, end - start);
                at -= start;
                end -= start;
                start = 0;
            }
            if (end == buffer.length) {
                throw new IllegalStateException("a line of more than " + BUFFER + " bytes");
            }
            fill();
        }
    }

    /** Of the literal that the line just taken announces, or -1. */
    private long literal(int length) {
        int at = start - 3; // Before CRLF.
        if (length < 5 || buffer[at] != '}') {
            return -1;
        }
        long value = 0;
        long factor = 1;
        for (at--; at >= start - length && buffer[at] >= '0' && buffer[at] <= '9'; at--) {
            value += (buffer[at] - '0') * factor;
            factor *= 10;
        }
        return factor > 1 && buffer[at] == '{' ? value : -1;
    }

    private void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (start == end) {
                start = 0;
                end = 0;
                fill();
            }
            int step = (int) Math.min(left, end - start);
            start += step;
            left -= step;
        }
    }

    private void fill() throws IOException {
        int got = in.read(buffer, end, buffer.length - end);
        if (got < 0) {
            throw new IOException("the server has hung up after: " + line);
        }
        end += got;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
