package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testkit.TlsClient;

/** The PROXY protocol, versions 1 and 2, from named networks and from strangers. */
class ProxyProtocolTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private final TestNode node = new TestNode(Limits.with(limits -> {
        limits.proxyHeader = Duration.ofMillis(400);
        limits.unauthenticatedPerNetwork = 2;
        limits.connections = 3;
    }));

    @AfterEach
    void stop() {
        node.close();
        assertThat(node.openGauge()).isZero();
        assertThat(node.listeners.open()).isZero();
    }

    private static byte[] v1(String line) {
        return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(String rest) {
        return HexFormat.of().parseHex(SIGNATURE + rest);
    }

    private static final byte[] V2_TCP4 = v2("2111000cc0000201c633640a30390019");
    private static final byte[] V2_TCP6 =
            v2("21210024" + "20010db8000000000000000000000005" + "20010db8000000000000000000000001" + "30390019");
    private static final byte[] V2_LOCAL = v2("20000000");

    private String who(int port, byte[] header) {
        try (var client = TlsClient.to(port).preamble(header).implicit()) {
            client.readLine();
            client.sendLine("WHO");
            var who = client.readLine();
            client.sendLine("QUIT");
            client.readToEnd();
            return who;
        }
    }

    @Test
    @DisplayName("PROXY §2.1, §2.2: the header in front of TLS names the client")
    void namesTheClient() {
        int port = node.listen(TlsMode.IMPLICIT, "127.0.0.0/8").port();
        assertThat(who(port, v1("PROXY TCP4 192.0.2.1 198.51.100.10 12345 993")))
                .isEqualTo("192.0.2.1 TLSv1.3");
        assertThat(who(port, v1("PROXY TCP6 2001:db8::5 2001:db8::1 12345 993")))
                .isEqualTo("2001:db8:0:0:0:0:0:5 TLSv1.3");
        assertThat(who(port, V2_TCP4)).isEqualTo("192.0.2.1 TLSv1.3");
        assertThat(who(port, V2_TCP6)).isEqualTo("2001:db8:0:0:0:0:0:5 TLSv1.3");
        assertThat(who(port, v1("PROXY UNKNOWN"))).isEqualTo("127.0.0.1 TLSv1.3");
    }

    @Test
    @DisplayName("A header split at every byte, with the first command behind it, loses nothing")
    void splitHeader() {
        int port = node.listen(TlsMode.STARTTLS, "127.0.0.0/8").port();
        var flight = new ByteArrayOutputStream();
        flight.writeBytes(V2_TCP4);
        flight.writeBytes("WHO\r\nQUIT\r\n".getBytes(StandardCharsets.US_ASCII));
        var bytes = flight.toByteArray();
        for (int split = 1; split < bytes.length; split++) {
            try (var client = TlsClient.to(port).plain()) {
                client.send(bytes, 0, split).send(bytes, split, bytes.length - split);
                assertThat(client.readToEnd()).endsWith("192.0.2.1 clear\r\nbye\r\n");
            }
        }
    }

    @Test
    @DisplayName("PROXY §2.2: LOCAL counts against nothing, not even where nothing is left")
    void localCountsNothing() {
        int port = node.listen(TlsMode.IMPLICIT, "127.0.0.0/8").port();
        try (var one = TlsClient.to(port).preamble(V2_TCP4).implicit();
                var two = TlsClient.to(port).preamble(V2_TCP4).implicit();
                var three = TlsClient.to(port).preamble(V2_TCP6).implicit()) {
            one.readLine();
            two.readLine();
            three.readLine();
            assertThat(node.listeners.open()).isEqualTo(3);
            for (int i = 0; i < 5; i++) {
                assertThat(who(port, V2_LOCAL)).isEqualTo("127.0.0.1 TLSv1.3");
            }
            assertThat(node.listeners.open()).isEqualTo(3);
        }
    }

    @Test
    @DisplayName("The bounds count the real client, not the proxy")
    void countsTheClient() {
        int port = node.listen(TlsMode.IMPLICIT, "127.0.0.0/8").port();
        try (var one = TlsClient.to(port).preamble(V2_TCP4).implicit();
                var two = TlsClient.to(port).preamble(V2_TCP4).implicit();
                var third = TlsClient.to(port).preamble(V2_TCP4).implicit();
                var other = TlsClient.to(port).preamble(V2_TCP6).implicit()) {
            assertThat(one.readLine()).startsWith("hello");
            assertThat(two.readLine()).startsWith("hello");
            assertThat(third.readLine()).isEqualTo("refused: too-many-connections");
            assertThat(other.readLine()).startsWith("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EHLO no header at all, and this line is longer than any header may be, whatever its fields are: 107",
                "PROXY TCP4 192.0.2.1",
                "PROXY TCP4 999.0.2.1 198.51.100.10 12345 993",
                "PROXY TCP4 192.0.2.1 198.51.100.10 99999 993",
                "PROXY TCP6 192.0.2.1 198.51.100.10 12345 993"
            })
    @DisplayName("From a named network a damaged or missing header is closed without a word")
    void demandsTheHeader(String line) {
        int port = node.listen(TlsMode.STARTTLS, "127.0.0.0/8").port();
        try (var client = TlsClient.to(port).preamble(v1(line)).plain()) {
            assertThat(client.readToEnd()).isEmpty();
        }
        // The decoder closes before it complains.
        await().untilAsserted(() -> assertThat(node.count("postern.connections.refused", "case", "proxy-header"))
                .isEqualTo(1));
    }

    @Test
    @DisplayName("From a named network a handshake without a header is closed")
    void demandsTheHeaderBeforeTls() {
        int port = node.listen(TlsMode.IMPLICIT, "127.0.0.0/8").port();
        try (var client = TlsClient.to(port).plain()) {
            client.send(Hellos.clientHello(0x0303));
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    @DisplayName("From a named network the header has a deadline")
    void headerDeadline() {
        int port = node.listen(TlsMode.STARTTLS, "127.0.0.0/8").port();
        try (var client = TlsClient.to(port).plain()) {
            client.send("PROXY TCP4 192.0");
            assertThat(client.readToEnd()).isEmpty();
        }
        // The decoder closes before it complains.
        await().untilAsserted(() -> assertThat(node.count("postern.connections.refused", "case", "proxy-header"))
                .isEqualTo(1));
    }

    @Test
    @DisplayName("From anybody else a header is garbage: clear text on a TLS port, a bad command in clear")
    void forged() {
        int implicit = node.listen(TlsMode.IMPLICIT, "10.0.0.0/8").port();
        try (var client = TlsClient.to(implicit)
                .preamble(v1("PROXY TCP4 192.0.2.1 198.51.100.10 1 2"))
                .plain()) {
            assertThat(client.readToEnd()).isEqualTo("refused: clear-text-on-tls-port\r\n");
        }
        int clear = node.listen(TlsMode.STARTTLS).port();
        try (var client = TlsClient.to(clear)
                .preamble(v1("PROXY TCP4 192.0.2.1 198.51.100.10 1 2"))
                .plain()) {
            client.readLine();
            assertThat(client.readLine()).startsWith("PROXY"); // echoed: an unknown command
            client.sendLine("WHO");
            assertThat(client.readLine()).isEqualTo("127.0.0.1 clear");
        }
    }
}
