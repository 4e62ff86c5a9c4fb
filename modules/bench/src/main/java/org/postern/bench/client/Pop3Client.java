package org.postern.bench.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.postern.bench.peer.MailboxServer;

/** Retrieves messages and does nothing with them but to find their ends. */
public final class Pop3Client implements AutoCloseable {
    private static final int BUFFER = 1 << 18;
    private static final int LINE = 512;
    /** The end of a message of several lines, as it lies in an int, the last four bytes of it. */
    private static final int LF_DOT_CR_LF = '\n' << 24 | '.' << 16 | '\r' << 8 | '\n';

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long received;

    private Pop3Client(MailboxServer server) throws IOException {
        socket = TlsSocket.connect(server.pop3s());
        in = socket.getInputStream();
        out = socket.getOutputStream();
        ok();
    }

    public static Pop3Client loggedIn(MailboxServer server, int mailbox) {
        try {
            var client = new Pop3Client(server);
            var login = server.login(mailbox);
            client.say("USER " + login.user() + "\r\n");
            client.ok();
            client.say("PASS " + login.secret() + "\r\n");
            client.ok();
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * RETR of the messages 1 to {@code count}.
     *
     * @param flight how many are asked for before the first is read (RFC 2449 §6.6); 1 waits for each
     * @return how many bytes came
     */
    public long retrieve(int count, int flight) {
        received = 0;
        try {
            for (int first = 1; first <= count; first += flight) {
                var commands = new StringBuilder();
                int last = Math.min(count, first + flight - 1);
                for (int n = first; n <= last; n++) {
                    commands.append("RETR ").append(n).append("\r\n");
                }
                say(commands.toString());
                for (int n = first; n <= last; n++) {
                    ok();
                    skipMessage();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return received;
    }

    private void say(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void ok() throws IOException {
        var line = new StringBuilder(LINE);
        for (int b = next(); b != '\n'; b = next()) {
            line.append((char) b);
        }
        if (!line.toString().startsWith("+OK")) {
            throw new IllegalStateException("the server says " + line);
        }
    }

    private void skipMessage() throws IOException {
        int tail = '\n'; // The reply's line end: an empty message ends at once.
        do {
            tail = tail << 8 | next();
        } while (tail != LF_DOT_CR_LF);
    }

    private int next() throws IOException {
        if (at == end) {
            end = in.read(buffer);
            if (end < 0) {
                throw new IOException("the server has hung up");
            }
            received += end;
            at = 0;
        }
        return buffer[at++] & 0xFF;
    }

    @Override
    public void close() {
        try {
            say("QUIT\r\n");
            ok();
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
