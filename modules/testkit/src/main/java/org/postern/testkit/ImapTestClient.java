package org.postern.testkit;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A plain IMAP client for tests of the whole server: says commands, understands literals, digests large bodies instead of
 * keeping them. Dialogues that are looked at line by line are {@link Transcript}s.
 */
public final class ImapTestClient implements AutoCloseable {
    private static final Pattern LITERAL = Pattern.compile(".*\\{(\\d+)\\}$", Pattern.DOTALL);
    private static final int CHUNK = 64 << 10;

    private final TlsClient socket;
    private int tags;

    private ImapTestClient(TlsClient socket) {
        this.socket = socket;
        socket.readLine();
    }

    /** Connects with TLS from the first byte and takes the greeting. */
    public static ImapTestClient connect(int port) {
        return new ImapTestClient(TlsClient.to(port).implicit());
    }

    public static ImapTestClient loggedIn(int port, String user, String secret) {
        var client = connect(port);
        client.ok("LOGIN \"" + user + "\" \"" + secret + '"');
        return client;
    }

    public TlsClient socket() {
        return socket;
    }

    /**
     * Says one command.
     *
     * @return the untagged lines, literals in place as ISO-8859-1, and the tagged one last, without its tag
     */
    public List<String> command(String command) {
        var tag = "t" + ++tags;
        socket.sendLine(tag + ' ' + command);
        return response(tag);
    }

    /** As {@link #command}, which must end in OK. @throws AssertionError when it does not */
    public List<String> ok(String command) {
        return mustBeOk(command.split(" ", 2)[0], command(command));
    }

    /**
     * Appends a message without waiting for a continuation (RFC 7888).
     *
     * @return the tagged reply's text
     */
    public String append(String folder, byte[] message) {
        var tag = "t" + ++tags;
        socket.send(tag + " APPEND " + folder + " {" + message.length + "+}\r\n");
        socket.send(message);
        socket.send("\r\n");
        return response(tag).getLast();
    }

    /** The message with that number in the selected folder: its bytes. */
    public byte[] fetch(int number) {
        var tag = "t" + ++tags;
        socket.sendLine(tag + " FETCH " + number + " BODY.PEEK[]");
        var bytes = socket.readExactly(literalLength());
        response(tag);
        return bytes;
    }

    /** As {@link #fetch}, in constant memory: the SHA-256 of the bytes, in hex. */
    public String fetchDigest(int number) {
        return fetchDigest(number, "BODY.PEEK[]");
    }

    /** @param item whose value is a literal */
    public String fetchDigest(int number, String item) {
        var tag = "t" + ++tags;
        socket.sendLine(tag + " FETCH " + number + " " + item);
        var digest = digest(literalLength());
        response(tag);
        return digest;
    }

    private int literalLength() {
        while (true) {
            var matcher = LITERAL.matcher(socket.readLine());
            if (matcher.matches()) {
                return Integer.parseInt(matcher.group(1));
            }
        }
    }

    private String digest(long length) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            var chunk = new byte[CHUNK];
            for (long left = length; left > 0; ) {
                int got = socket.in().read(chunk, 0, (int) Math.min(chunk.length, left));
                if (got < 0) {
                    throw new EOFException("the server closed with " + left + " bytes to come");
                }
                sha.update(chunk, 0, got);
                left -= got;
            }
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> response(String tag) {
        var lines = new ArrayList<String>();
        while (true) {
            var line = lineWithLiterals();
            if (line.startsWith(tag + ' ')) {
                lines.add(line.substring(tag.length() + 1));
                return lines;
            }
            lines.add(line);
        }
    }

    private String lineWithLiterals() {
        var whole = new StringBuilder();
        while (true) {
            var line = new String(socket.readLineBytes(), StandardCharsets.ISO_8859_1);
            whole.append(line);
            var literal = LITERAL.matcher(line);
            if (!literal.matches()) {
                return whole.toString();
            }
            var bytes = socket.readExactly(Integer.parseInt(literal.group(1)));
            whole.append("\r\n").append(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    private static List<String> mustBeOk(String what, List<String> lines) {
        if (!lines.getLast().startsWith("OK")) {
            throw new AssertionError(what + " was answered " + lines.getLast());
        }
        return lines;
    }

    @Override
    public void close() {
        socket.close();
    }
}
