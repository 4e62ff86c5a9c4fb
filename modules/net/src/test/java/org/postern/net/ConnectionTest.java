package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.Refusal;
import org.postern.testkit.TlsClient;

/** Reading, writing and waiting, as a session does them. */
class ConnectionTest {
    private final TestNode node = new TestNode(Limits.with(limits -> {
        limits.slowInput = Duration.ofSeconds(5);
        limits.endGrace = Duration.ofMillis(300);
        limits.slowReader = Duration.ofMillis(500);
    }));

    @AfterEach
    void stop() {
        node.close();
    }

    private TlsClient client() {
        return TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit();
    }

    @Test
    @DisplayName("A command split at every byte reads the same")
    void splitsAtEveryByte() {
        int port = node.listen(TlsMode.IMPLICIT).port();
        var script = "one\r\nLITERAL 5\r\nab\r\ncBYTES\r\nx\ry\nlast\nQUIT\r\n".getBytes(StandardCharsets.UTF_8);
        var sum = new CRC32();
        sum.update("ab\r\nc".getBytes(StandardCharsets.UTF_8));
        var expected = "one\r\n+\r\n" + sum.getValue() + "\r\nx\ry|\r\nlast\nbye\r\n";
        for (int split = 0; split <= script.length; split++) {
            try (var client = TlsClient.to(port).implicit()) {
                client.readLine();
                client.send(script, 0, split).send(script, split, script.length - split);
                assertThat(client.readToEnd()).as("split at %s", split).isEqualTo(expected);
            }
        }
        try (var client = TlsClient.to(port).implicit()) {
            client.readLine();
            for (byte b : script) {
                client.send(new byte[] {b});
            }
            assertThat(client.readToEnd()).isEqualTo(expected);
        }
    }

    @Test
    @DisplayName("The kernel probes a silent client: one that vanished is found, and its slot freed")
    void probesTheSilent() throws Exception {
        int port = node.listen(TlsMode.IMPLICIT).port();
        try (var client = TlsClient.to(port).implicit()) {
            client.readLine();
            var local = "0100007F:%04X".formatted(port); // 127.0.0.1, as it stands in either table.
            // sl local_address rem_address st queues tr:tm->when (proc_net_tcp): state 01 is open, timer 02 is
            // keep-alive.
            await().untilAsserted(() -> assertThat(sockets())
                    .map(line -> line.strip().split("\\s+"))
                    .filteredOn(line -> line[1].endsWith(local) && line[3].equals("01"))
                    .singleElement()
                    .satisfies(line -> {
                        assertThat(line[5]).startsWith("02:");
                        long left = Long.parseLong(line[5].substring(3), 16); // In hundredths of a second.
                        assertThat(left)
                                .isBetween(1L, NetLimits.DEFAULT.keepAliveIdle().toMillis() / 10);
                    }));
        }
    }

    /** The kernel's sockets: Java's listen in IPv6's table, whatever they are bound to. */
    private static List<String> sockets() throws IOException {
        var lines = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
        if (Files.exists(Path.of("/proc/net/tcp6"))) {
            lines.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
        }
        return lines;
    }

    @Test
    @DisplayName("Lines keep their bytes: NUL, bare CR, bare LF, invalid UTF-8")
    void rawLines() {
        try (var client = client()) {
            client.readLine();
            var raw = new byte[] {'a', 0, '\r', (byte) 0xff, 'b', '\r', '\r', '\n'};
            client.send(raw);
            assertThat(client.readExactly(raw.length)).isEqualTo(raw);
            client.send("\n");
            assertThat(client.readExactly(1)).isEqualTo(new byte[] {'\n'});
        }
    }

    @Test
    @DisplayName("A line of exactly the limit is read, one byte more is refused")
    void lineLimit() {
        try (var client = client()) {
            client.readLine();
            var exact = "x".repeat(EchoSessions.LINE - 2);
            client.sendLine(exact);
            assertThat(client.readLine()).isEqualTo(exact);
            client.sendLine(exact + 'x');
            assertThat(client.readToEnd()).isEmpty();
            assertThat(node.sessions.ended.getFirst()).isInstanceOf(LineTooLong.class);
        }
    }

    @Test
    @DisplayName("30 MB in and out are the same bytes; memory stays bounded by inbox and outbox")
    void largeTransfers() {
        int size = 30_000_000;
        var bytes = EchoSessions.pattern(size);
        var sum = new CRC32();
        sum.update(bytes);
        try (var client = client()) {
            client.readLine();
            client.sendLine("LITERAL " + size);
            client.readLine();
            client.send(bytes);
            assertThat(client.readLine()).isEqualTo(Long.toString(sum.getValue()));
            client.sendLine("SEND " + size);
            assertThat(Arrays.equals(client.readExactly(size), bytes)).isTrue();
            assertThat(node.count("postern.connections.bytes", "direction", "in"))
                    .isGreaterThan(size);
            assertThat(node.count("postern.connections.bytes", "direction", "out"))
                    .isGreaterThan(size);
        }
    }

    @Test
    @DisplayName("A client ahead of its session is held back by the inbox")
    void fullInbox() throws Exception {
        var listener = node.listen(TlsMode.STARTTLS, connection -> {
            connection.await(Duration.ofSeconds(10));
            await().until(() -> !connection.traffic().isReading());
            assertThat(node.count("postern.connections.bytes", "direction", "in"))
                    .isLessThan(connection.limits().inboxBytes() + 70_000.0);
            connection.out().writeAscii("full\r\n");
            connection.out().flush();
            connection.in().transfer(4_000_000, OutputStream.nullOutputStream());
            assertThat(connection.traffic().isInboxEmpty()).isTrue();
            connection.out().writeAscii("read\r\n");
        });
        try (var client = TlsClient.to(listener.port()).plain()) {
            var sender = Thread.ofVirtual().start(() -> client.send(new byte[4_000_000]));
            assertThat(client.readLine()).isEqualTo("full");
            assertThat(client.readLine()).isEqualTo("read");
            sender.join();
        }
    }

    @Test
    @DisplayName("Many wakes before one await count as one; bytes end the idling")
    void wakesCoalesce() {
        try (var client = client()) {
            client.readLine();
            client.sendLine("IDLE");
            assertThat(client.readLine()).isEqualTo("idling");
            node.sessions.only().wake();
            assertThat(client.readLine()).isEqualTo("CALLED");
            client.sendLine("DONE");
            assertThat(client.readLine()).isEqualTo("DONE");
            // Two wakes while the session is busy elsewhere are seen once.
            client.sendLine("LITERAL 1");
            client.readLine();
            node.sessions.only().wake();
            node.sessions.only().wake();
            client.send("x");
            client.readLine();
            client.sendLine("IDLE");
            assertThat(client.readLine()).isEqualTo("idling");
            node.sessions.only().wake();
            assertThat(client.readLine()).isEqualTo("CALLED");
            client.sendLine("DONE");
            assertThat(client.readLine()).isEqualTo("DONE");
        }
    }

    @Test
    @DisplayName("end() while idle: the client hears why, at once, then the connection closes")
    void endsIdle() {
        try (var client = client()) {
            client.readLine();
            node.sessions.only().end(new Refusal.AccessEnded());
            node.sessions.only().end(new Refusal.ShuttingDown());
            assertThat(client.readToEnd()).isEqualTo("refused: access-ended\r\n");
        }
        await().until(() -> node.openGauge() == 0);
    }

    @Test
    @DisplayName("end() inside a command: the command may finish")
    void endsAfterTheCommand() {
        try (var client = client()) {
            client.readLine();
            client.sendLine("LITERAL 3");
            client.readLine();
            node.sessions.only().end(new Refusal.ShuttingDown());
            client.send("abc");
            assertThat(client.readLine()).matches("[0-9]+");
            assertThat(client.readToEnd()).isEqualTo("refused: shutting-down\r\n");
        }
    }

    @Test
    @DisplayName("end() inside a command that does not finish: closed after the grace")
    void endsHard() {
        try (var client = client()) {
            client.readLine();
            client.sendLine("LITERAL 3");
            client.readLine();
            node.sessions.only().end(new Refusal.ShuttingDown());
            assertThat(client.readToEnd()).isEmpty();
        }
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(PeerGone.class);
    }

    @Test
    @DisplayName("pause() lets what was said before go, holds the rest back, and leaves what the client sends unread")
    void pauses() {
        var client = client();
        client.readLine();
        client.send("one\r\nPAUSE 50\r\ntwo\r\nPAUSE 600000\r\n");
        assertThat(client.readLine()).isEqualTo("one");
        assertThat(client.readLine()).isEqualTo("paused");
        assertThat(client.readLine()).isEqualTo("two");
        assertThat(node.sessions.ended).isEmpty();
        client.reset(); // Nobody waits any more: the second pause is over.
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(PeerGone.class);
    }

    @Test
    @DisplayName("end() inside a pause: the client hears why, at once")
    void endsPause() {
        try (var client = client()) {
            client.readLine();
            client.send("one\r\nPAUSE 600000\r\n");
            assertThat(client.readLine()).isEqualTo("one");
            node.sessions.only().end(new Refusal.AccessEnded());
            assertThat(client.readToEnd()).isEqualTo("refused: access-ended\r\n");
        }
    }

    @Test
    @DisplayName("A client that takes nothing is closed, and its session ends with SlowReader")
    void slowReader() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            client.sendLine("SEND 30000000");
            await().until(() -> node.sessions.ended.size() == 1);
            assertThat(node.sessions.ended.getFirst()).isInstanceOf(SlowReader.class);
        }
        await().until(() -> node.openGauge() == 0);
    }

    @Test
    @DisplayName("A client that closes its side still gets the replies to what it sent")
    void halfClose() {
        var listener = node.listen(TlsMode.STARTTLS);
        try (var client = TlsClient.to(listener.port()).plain()) {
            client.sendLine("one").sendLine("SEND 100000").sendLine("two");
            client.endOutput();
            assertThat(client.readLine()).startsWith("hello");
            assertThat(client.readLine()).isEqualTo("one");
            assertThat(client.readExactly(100_000)).isEqualTo(EchoSessions.pattern(100_000));
            assertThat(client.readToEnd()).isEqualTo("two\r\n");
        }
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(PeerGone.class);
    }

    @Test
    @DisplayName("A reset wakes the session")
    void reset() {
        var client = client();
        client.readLine();
        client.reset();
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(PeerGone.class);
        await().until(() -> node.openGauge() == 0);
    }

    @Test
    @DisplayName("A bug in a session ends that session, with \"unavailable\", and no other")
    void bug() {
        int port = node.listen(TlsMode.IMPLICIT).port();
        try (var other = TlsClient.to(port).implicit();
                var client = TlsClient.to(port).implicit()) {
            other.readLine();
            client.readLine();
            client.sendLine("BOOM");
            assertThat(client.readToEnd()).isEqualTo("refused: unavailable\r\n");
            other.sendLine("still here");
            assertThat(other.readLine()).isEqualTo("still here");
        }
    }

    @Test
    @DisplayName("The last reply reaches a client that is still sending")
    void lastReplySurvives() {
        for (int i = 0; i < 20; i++) {
            try (var client = TlsClient.to(node.listen(TlsMode.STARTTLS).port()).plain()) {
                client.readLine();
                client.send("QUIT\r\n" + "more\r\n".repeat(1_000));
                assertThat(client.readToEnd()).isEqualTo("bye\r\n");
            }
        }
    }
}
