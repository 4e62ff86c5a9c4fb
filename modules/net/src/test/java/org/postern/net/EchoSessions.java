package org.postern.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;

/** A protocol with one command for each thing that a connection can do. */
final class EchoSessions implements SessionFactory {
    static final int LINE = 1_000;
    static final Duration IDLE = Duration.ofSeconds(30);

    final List<Connection> begun = new CopyOnWriteArrayList<>();
    final List<Throwable> ended = new CopyOnWriteArrayList<>();

    @Override
    public void run(Connection connection) throws IOException {
        begun.add(connection);
        try {
            connection.out().writeAscii("hello " + connection.id() + "\r\n");
            while (true) {
                if (connection.await(IDLE) != Wake.BYTES) {
                    continue;
                }
                var line = connection.in().readLine(LINE);
                var text = new String(line, StandardCharsets.UTF_8).stripTrailing();
                if (text.equals("QUIT")) {
                    connection.out().writeAscii("bye\r\n");
                    return;
                }
                command(connection, text, line);
            }
        } catch (IOException | RuntimeException e) {
            ended.add(e);
            throw e;
        }
    }

    private static void command(Connection connection, String text, byte[] line) throws IOException {
        var in = connection.in();
        var out = connection.out();
        var words = text.split(" ", -1);
        switch (words[0]) {
            case "STARTTLS" -> connection.startTls("go\r\n".getBytes(StandardCharsets.US_ASCII));
            case "LOGIN" -> {
                connection.authenticated();
                out.writeAscii("welcome\r\n");
            }
            case "WHO" ->
                out.writeAscii(connection.client() + " "
                        + connection.tls().map(TlsDetails::version).orElse("clear") + "\r\n");
            case "LITERAL" -> {
                out.writeAscii("+\r\n");
                var sum = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
                in.transfer(Long.parseLong(words[1]), sum);
                out.writeAscii(sum.getChecksum().getValue() + "\r\n");
            }
            case "BYTES" -> { // One by one, as a parser would.
                var bytes = new ByteArrayOutputStream();
                while (in.peek() != '\n') {
                    bytes.write(in.read());
                }
                in.read();
                out.write(bytes.toByteArray());
                out.writeAscii("|\r\n");
            }
            case "SEND" -> out.write(pattern(Integer.parseInt(words[1])));
            case "IDLE" -> {
                out.writeAscii("idling\r\n");
                for (var wake = connection.await(IDLE); wake != Wake.BYTES; wake = connection.await(IDLE)) {
                    out.writeAscii(wake + "\r\n");
                }
            }
            case "PAUSE" -> {
                connection.pause(Duration.ofMillis(Long.parseLong(words[1])));
                out.writeAscii("paused\r\n");
            }
            case "BOOM" -> throw new IllegalStateException("a bug");
            default -> out.write(line);
        }
    }

    static byte[] pattern(int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return bytes;
    }

    Connection only() {
        return begun.getFirst();
    }
}
