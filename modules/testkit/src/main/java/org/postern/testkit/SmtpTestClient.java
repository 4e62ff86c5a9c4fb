package org.postern.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** A plain submission client for tests of the whole server; messages are sent as they are, dots doubled. */
public final class SmtpTestClient implements AutoCloseable {
    private final TlsClient socket;

    private SmtpTestClient(TlsClient socket) {
        this.socket = socket;
        reply();
    }

    /** Connects with TLS from the first byte and takes the greeting. */
    public static SmtpTestClient connect(int port) {
        return new SmtpTestClient(TlsClient.to(port).implicit());
    }

    public static SmtpTestClient loggedIn(int port, String user, String secret) {
        var client = connect(port);
        client.must("250", client.command("EHLO client.example"));
        var plain = Base64.getEncoder().encodeToString(("\0" + user + '\0' + secret).getBytes(StandardCharsets.UTF_8));
        client.must("235", client.command("AUTH PLAIN " + plain));
        return client;
    }

    public TlsClient socket() {
        return socket;
    }

    /**
     * Says one command.
     *
     * @return the lines of the reply
     */
    public List<String> command(String command) {
        socket.sendLine(command);
        return reply();
    }

    /**
     * Submits one message.
     *
     * @return the last line of the first refusal, or of the reply to the message
     */
    public String submit(String from, String to, byte[] message) {
        for (var step : List.of("MAIL FROM:<" + from + '>', "RCPT TO:<" + to + '>', "DATA")) {
            var reply = command(step).getLast();
            if (!reply.startsWith("2") && !reply.startsWith("3")) {
                return reply;
            }
        }
        sendDotStuffed(message);
        return reply().getLast();
    }

    /**
     * Submits one message with binary parts, in one chunk (RFC 3030 §3).
     *
     * @return as {@link #submit}
     */
    public String submitBinary(String from, String to, byte[] message) {
        for (var step : List.of("MAIL FROM:<" + from + "> BODY=BINARYMIME", "RCPT TO:<" + to + '>')) {
            var reply = command(step).getLast();
            if (!reply.startsWith("2")) {
                return reply;
            }
        }
        socket.send("BDAT " + message.length + " LAST\r\n");
        socket.send(message, 0, message.length);
        return reply().getLast();
    }

    private void sendDotStuffed(byte[] message) {
        int from = 0;
        for (int i = 0; i < message.length; i++) {
            if (message[i] == '.' && (i == 0 || message[i - 1] == '\n')) {
                socket.send(message, from, i - from);
                socket.send(".");
                from = i;
            }
        }
        socket.send(message, from, message.length - from);
        boolean ended = message.length >= 2 && message[message.length - 1] == '\n';
        socket.send(ended ? ".\r\n" : "\r\n.\r\n");
    }

    private List<String> reply() {
        var lines = socket.readUntil("");
        while (lines.getLast().length() > 3 && lines.getLast().charAt(3) == '-') {
            lines.add(socket.readLine());
        }
        return lines;
    }

    private void must(String code, List<String> reply) {
        if (!reply.getLast().startsWith(code)) {
            throw new AssertionError("expected " + code + ", got " + reply.getLast());
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
