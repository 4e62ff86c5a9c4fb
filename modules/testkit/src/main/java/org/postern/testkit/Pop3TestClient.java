package org.postern.testkit;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A plain POP3 client for tests of the whole server. */
public final class Pop3TestClient implements AutoCloseable {
    private static final byte[] CRLF = {'\r', '\n'};

    private final TlsClient socket;

    private Pop3TestClient(TlsClient socket) {
        this.socket = socket;
        socket.readLine();
    }

    /** Connects with TLS from the first byte and takes the greeting. */
    public static Pop3TestClient connect(int port) {
        return new Pop3TestClient(TlsClient.to(port).implicit());
    }

    public static Pop3TestClient loggedIn(int port, String user, String secret) {
        var client = connect(port);
        client.ok("USER " + user);
        client.ok("PASS " + secret);
        return client;
    }

    public TlsClient socket() {
        return socket;
    }

    /**
     * Says one command.
     *
     * @return the first line of the reply
     */
    public String command(String command) {
        socket.sendLine(command);
        return socket.readLine();
    }

    /** As {@link #command}, which must succeed. @throws AssertionError when it does not */
    public String ok(String command) {
        var reply = command(command);
        if (!reply.startsWith("+OK")) {
            throw new AssertionError(command.split(" ", 2)[0] + " was answered " + reply);
        }
        return reply;
    }

    /** A message's bytes; its last line always ends with CRLF. */
    public byte[] retrieve(int number) {
        var bytes = new ByteArrayOutputStream();
        ok("RETR " + number);
        body(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** As {@link #retrieve}, in constant memory: the SHA-256 of the bytes, in hex. */
    public String retrieveDigest(int number) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            ok("RETR " + number);
            body(sha::update);
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void body(Consumer<byte[]> sink) {
        while (true) {
            var line = socket.readLineBytes();
            boolean dot = line.length > 0 && line[0] == '.';
            if (dot && line.length == 1) {
                return;
            }
            sink.accept(dot ? Arrays.copyOfRange(line, 1, line.length) : line);
            sink.accept(CRLF);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
