package org.postern.bench.client;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.postern.bench.peer.MailServer.Login;
import org.postern.bench.peer.SubmissionServer;

/** Submits, with the commands of a message in one flight (RFC 2920). */
public final class SmtpClient implements AutoCloseable {
    private static final byte[] END = ".\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int ONE_RECORD = 16_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpClient(SubmissionServer server) throws IOException {
        socket = TlsSocket.connect(server.smtps());
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        out = socket.getOutputStream();
        expect("220");
    }

    public static SmtpClient loggedIn(SubmissionServer server, Login login) {
        try {
            var client = new SmtpClient(server);
            var plain = "\0" + login.user() + "\0" + login.secret();
            client.say("EHLO bench.example\r\n");
            client.expect("250");
            client.say("AUTH PLAIN " + Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8))
                    + "\r\n");
            client.expect("235");
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param message without a line that begins with a dot */
    public void submit(String from, String to, byte[] message) {
        try {
            say("MAIL FROM:<" + from + ">\r\nRCPT TO:<" + to + ">\r\nDATA\r\n");
            expect("250");
            expect("250");
            expect("354");
            send(("From: <" + from + ">\r\n").getBytes(StandardCharsets.US_ASCII), message, END);
            expect("250");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Small ones as one TLS record; what is large is not copied for it. */
    private void send(byte[] from, byte[] message, byte[] end) throws IOException {
        if (message.length > ONE_RECORD) {
            out.write(from);
            out.write(message);
            out.write(end);
        } else {
            var all = new ByteArrayOutputStream(from.length + message.length + end.length);
            all.writeBytes(from);
            all.writeBytes(message);
            all.writeBytes(end);
            out.write(all.toByteArray());
        }
        out.flush();
    }

    private void say(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private void expect(String code) throws IOException {
        String line;
        do {
            line = in.readLine();
            if (line == null || !line.startsWith(code)) {
                throw new IllegalStateException("the server says " + line);
            }
        } while (line.charAt(code.length()) == '-');
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
