package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.TlsClient;

/** STARTTLS, and ports that tell both habits apart. */
class StartTlsTest {
    private final TestNode node = new TestNode(Limits.with(limits -> {
        limits.handshake = Duration.ofSeconds(1);
        limits.detectWindow = Duration.ofMillis(200);
    }));

    @AfterEach
    void stop() {
        node.close();
        assertThat(node.openGauge()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    @DisplayName("RFC 3207 §4: the reply in clear, then the handshake, then the same session in TLS")
    void upgrades(String version) {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).protocols(version).plain()) {
            assertThat(client.readLine()).startsWith("hello");
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 clear");
            client.sendLine("STARTTLS");
            assertThat(client.readLine()).isEqualTo("go");
            client.startTls();
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 " + version);
            client.sendLine("QUIT");
            assertThat(client.readToEnd()).isEqualTo("bye\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RCPT", "x", "\r\n"})
    @DisplayName("RFC 3207 §6, CVE-2011-0411: bytes in the same flight behind STARTTLS: nothing answered, closed")
    void injectedInTheSameFlight(String injected) {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).plain()) {
            client.readLine();
            client.send("STARTTLS\r\n" + injected);
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(InjectedBytes.class);
    }

    @RepeatedTest(20)
    @DisplayName("RFC 3207 §6: bytes sent right after STARTTLS, in a packet of their own, never reach the session")
    void injectedBetween() {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).plain()) {
            client.readLine();
            client.sendLine("STARTTLS").sendLine("injected");
            assertThat(client.readToEnd()).doesNotContain("injected");
        }
        await().until(() -> node.sessions.ended.size() == 1);
        // Before the switch they are found, after it they are no handshake: both end the connection.
        assertThat(node.sessions.ended.getFirst()).isInstanceOfAny(InjectedBytes.class, TlsFailed.class);
    }

    @Test
    @DisplayName("RFC 3207 §6: bytes in clear after the reply and before the handshake are an error of the handshake")
    void injectedBeforeTheHandshake() {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).plain()) {
            client.readLine();
            client.sendLine("STARTTLS");
            assertThat(client.readLine()).isEqualTo("go");
            client.sendLine("injected");
            assertThat(client.readToEnd()).doesNotContain("injected");
        }
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(TlsFailed.class);
        assertThat(node.count("postern.tls.handshakes", "outcome", "failed")).isEqualTo(1);
    }

    @Test
    @DisplayName("Half a clear line before the handshake is still half a line of nothing")
    void nothingSurvives() {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).plain()) {
            client.readLine();
            client.sendLine("STARTTLS");
            client.readLine();
            client.startTls();
            client.sendLine("first");
            assertThat(client.readLine()).isEqualTo("first");
        }
    }

    @Test
    @DisplayName("A client that asks for TLS and does not begin is closed at the handshake deadline")
    void neverBegins() {
        int port = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(port).plain()) {
            client.readLine();
            client.sendLine("STARTTLS");
            assertThat(client.readToEnd()).isEqualTo("go\r\n");
        }
        await().until(() -> node.sessions.ended.size() == 1);
        assertThat(node.sessions.ended.getFirst()).isInstanceOf(TlsFailed.class);
        assertThat(node.count("postern.tls.handshakes", "outcome", "timeout")).isEqualTo(1);
    }

    @Test
    @DisplayName("STARTTLS inside TLS is a bug of the session")
    void onlyOnce() {
        try (var client = TlsClient.to(node.listen(TlsMode.IMPLICIT).port()).implicit()) {
            client.readLine();
            client.sendLine("STARTTLS");
            assertThat(client.readToEnd()).isEqualTo("refused: unavailable\r\n");
        }
    }

    @Test
    @DisplayName("DETECT: a client that begins with a handshake has implicit TLS")
    void detectsImplicit() {
        try (var client = TlsClient.to(node.listen(TlsMode.DETECT).port()).implicit()) {
            assertThat(client.readLine()).startsWith("hello");
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 TLSv1.3");
        }
    }

    @Test
    @DisplayName("DETECT: a client that waits is greeted in clear after the window, and may use STARTTLS")
    void detectsStartTls() {
        try (var client = TlsClient.to(node.listen(TlsMode.DETECT).port()).plain()) {
            long before = System.nanoTime();
            assertThat(client.readLine()).startsWith("hello");
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(150));
            client.sendLine("STARTTLS");
            assertThat(client.readLine()).isEqualTo("go");
            client.startTls();
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 TLSv1.3");
        }
    }

    @Test
    @DisplayName("DETECT: a client that speaks in clear at once does not wait for the window")
    void detectsEarlyTalker() {
        try (var client = TlsClient.to(node.listen(TlsMode.DETECT).port()).plain()) {
            client.sendLine("WHO");
            assertThat(client.readLine()).startsWith("hello");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 clear");
        }
    }

    @Test
    @DisplayName("DETECT: half a handshake is not greeted in clear")
    void detectsHalfHandshake() {
        try (var client = TlsClient.to(node.listen(TlsMode.DETECT).port()).plain()) {
            client.send(new byte[] {22, 3, 1});
            assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(node.sessions.begun).isEmpty();
    }

    @Test
    @DisplayName("A clear listener speaks no TLS by itself")
    void noImplicitOnStartTls() {
        int port = node.listen(TlsMode.STARTTLS).port();
        assertThatThrownBy(() -> TlsClient.to(port).implicit().close()).isInstanceOf(RuntimeException.class);
    }
}
