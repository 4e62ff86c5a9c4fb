package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.TlsClient;

/** Clients that speak wrongly, slowly or not at all. */
class BadInputTest {
    private final TestNode node = new TestNode(Limits.with(limits -> {
        limits.handshake = Duration.ofMillis(400);
        limits.slowInput = Duration.ofMillis(400);
        limits.firstCommand = Duration.ofMillis(1_500);
        limits.endGrace = Duration.ofMillis(300);
        limits.inboxBytes = 16 << 10;
    }));

    @AfterEach
    void stop() {
        node.close();
        assertThat(node.openGauge()).isZero();
        assertThat(node.listeners.open()).isZero();
    }

    @Test
    @DisplayName("Clear text on a TLS port: told at its first byte, in the protocol's words")
    void clearText() {
        int port = node.listen(TlsMode.IMPLICIT).port();
        try (var client = TlsClient.to(port).plain()) {
            client.sendLine("EHLO client.example");
            assertThat(client.readToEnd()).isEqualTo("refused: clear-text-on-tls-port\r\n");
        }
        assertThat(node.count("postern.tls.handshakes", "outcome", "clear-text"))
                .isEqualTo(1);
        assertThat(node.sessions.begun).isEmpty();
    }

    @Test
    @DisplayName("A silent client on a TLS port waits for a greeting in clear: told at the handshake deadline")
    void silent() {
        int port = node.listen(TlsMode.IMPLICIT).port();
        try (var client = TlsClient.to(port).plain()) {
            assertThat(client.readToEnd()).isEqualTo("refused: clear-text-on-tls-port\r\n");
        }
    }

    @Test
    @DisplayName("Where the protocol has no words for it, clear text on a TLS port is only closed")
    void clearTextPop3() {
        int port =
                node.listen(TlsMode.IMPLICIT, node.sessions, TestNode::unspoken).port();
        try (var client = TlsClient.to(port).plain()) {
            client.sendLine("CAPA");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    @DisplayName("A handshake that stops anywhere is closed at the deadline, one that ends there at once")
    void truncatedHello() {
        int port = node.listen(TlsMode.IMPLICIT).port();
        var hello = Hellos.clientHello(0x0303);
        for (int length = 1; length < hello.length; length += 7) {
            try (var client = TlsClient.to(port).plain()) {
                client.send(hello, 0, length);
                client.endOutput();
                assertThat(client.readToEnd()).isEmpty();
            }
        }
        try (var client = TlsClient.to(port).plain()) {
            client.send(hello, 0, hello.length / 2);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(node.count("postern.tls.handshakes", "outcome", "timeout")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x16, 0x80, 0x00, 0xff, 'P'})
    @DisplayName("Garbage instead of a handshake is closed")
    void garbage(int first) {
        int port = node.listen(TlsMode.IMPLICIT).port();
        var bytes = EchoSessions.pattern(5_000);
        bytes[0] = (byte) first;
        try (var client = TlsClient.to(port).plain()) {
            client.send(bytes);
            client.readToEnd();
        }
        assertThat(node.sessions.begun).isEmpty();
    }

    @Test
    @DisplayName("Garbage inside TLS ends that connection")
    void garbageAfterHandshake() throws Exception {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var raw = TlsClient.to(port).plain()) {
            raw.readLine();
            raw.sendLine("STARTTLS");
            raw.readLine();
            raw.send(Hellos.clientHello(0x0303));
            raw.send(EchoSessions.pattern(3_000));
            raw.readToEnd();
        }
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(TlsFailed.class);
    }

    @Test
    @DisplayName("A client that stops inside a command is told and closed")
    void stopsInsideCommand() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            client.send("half a comm");
            assertThat(client.readToEnd()).isEqualTo("refused: idle\r\n");
            assertThat(node.sessions.ended.getFirst()).isInstanceOf(SlowInput.class);
        }
    }

    @Test
    @DisplayName("Slowloris: a byte now and then does not stretch the time of a line")
    void slowloris() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            client.sendLine("LOGIN");
            client.readLine();
            var drip = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        client.send("x");
                        Thread.sleep(50);
                    }
                } catch (UncheckedIOException | InterruptedException e) {
                    return; // Closed, as it should be.
                }
            });
            assertThat(client.readToEnd()).isEqualTo("refused: idle\r\n");
            assertThat(node.sessions.ended.getFirst()).isInstanceOf(SlowInput.class);
            drip.interrupt();
        }
    }

    @Test
    @DisplayName("A stranger has the first-command deadline, however busy it keeps the session")
    void strangersTime() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit();
                var known = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            known.readLine();
            known.sendLine("LOGIN");
            known.readLine();
            String last = "";
            while (!last.startsWith("refused")) {
                client.sendLine("busy");
                last = client.readLine();
            }
            assertThat(last).isEqualTo("refused: idle");
            known.sendLine("still here");
            assertThat(known.readLine()).isEqualTo("still here");
        }
    }

    @Test
    @DisplayName("An endless line costs its limit and no more")
    void endlessLine() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            var flood = new byte[8 << 10];
            Arrays.fill(flood, (byte) 'x');
            try {
                for (int i = 0; i < 10_000; i++) {
                    client.send(flood);
                }
            } catch (UncheckedIOException expected) {
                assertThat(expected).hasMessage("cannot send");
            }
            await().until(() -> node.sessions.ended.size() == 1);
            assertThat(node.sessions.ended.getFirst()).isInstanceOf(LineTooLong.class);
        }
    }

    @Test
    @DisplayName("Many tiny records are charged for more than their bytes")
    void tinyRecords() {
        var listener = node.listen(TlsMode.STARTTLS, connection -> {
            connection.await(Duration.ofSeconds(10));
            await().until(() ->
                    !connection.traffic().isReading() || connection.silence().toMillis() > 300);
        });
        try (var client = TlsClient.to(listener.port()).plain()) {
            // Far fewer bytes than the inbox holds, in chunks as small as the network makes them.
            var one = "x".getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 2_000; i++) {
                client.send(one);
            }
            client.readToEnd();
        }
        assertThat(node.count("postern.connections.bytes", "direction", "in")).isLessThanOrEqualTo(2_000);
    }
}
