package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.testkit.TlsClient;

/** The bounds of connections, met exactly. */
class AdmissionTest {
    private static TestNode node(Consumer<Limits> change) {
        return new TestNode(Limits.with(change));
    }

    private static List<TlsClient> fill(int port, int count) {
        var clients = new ArrayList<TlsClient>();
        for (int i = 0; i < count; i++) {
            var client = TlsClient.to(port).implicit();
            assertThat(client.readLine()).startsWith("hello");
            clients.add(client);
        }
        return clients;
    }

    @Test
    @DisplayName("Strangers of one network: the last allowed one is served, the next is told, after TLS")
    void strangers() {
        try (var node = node(limits -> limits.unauthenticatedPerNetwork = 3)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            var clients = fill(port, 3);
            try (var more = TlsClient.to(port).implicit()) {
                assertThat(more.readToEnd()).isEqualTo("refused: too-many-connections\r\n");
            }
            try (var elsewhere = TlsClient.to(port).from("127.0.0.2").implicit()) {
                assertThat(elsewhere.readLine()).startsWith("hello");
            }
            // One that has logged in is no stranger, and makes room for one.
            clients.getFirst().sendLine("LOGIN").readLine();
            clients.getFirst().sendLine("LOGIN").readLine();
            try (var more = TlsClient.to(port).implicit();
                    var tooMany = TlsClient.to(port).implicit()) {
                assertThat(more.readLine()).startsWith("hello");
                assertThat(tooMany.readToEnd()).isEqualTo("refused: too-many-connections\r\n");
            }
            clients.forEach(TlsClient::close);
            await().until(() -> node.listeners.open() == 0);
            fill(port, 3).forEach(TlsClient::close);
            assertThat(node.count("postern.connections.refused", "case", "too-many-connections"))
                    .isEqualTo(2);
        }
    }

    @Test
    @DisplayName("Connections of the node: the last is served, the next is told, whatever its port")
    void total() {
        try (var node = node(limits -> limits.connections = 4)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            int clear = node.listen(TlsMode.STARTTLS).port();
            var clients = fill(port, 4);
            clients.forEach(client -> client.sendLine("LOGIN").readLine());
            try (var more = TlsClient.to(clear).plain()) {
                assertThat(more.readToEnd()).isEqualTo("refused: too-many-connections\r\n");
            }
            clients.getFirst().close();
            await().until(() -> node.listeners.open() == 3);
            try (var again = TlsClient.to(clear).plain()) {
                assertThat(again.readLine()).startsWith("hello");
            }
            clients.forEach(TlsClient::close);
        }
    }

    @Test
    @DisplayName("A flood of refusals is closed without a handshake")
    void flood() {
        try (var node = node(limits -> {
            limits.connections = 1;
            limits.spokenRefusalsPerSecond = 0;
        })) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            var clients = fill(port, 1);
            for (int i = 0; i < 50; i++) {
                try (var more = TlsClient.to(port).plain()) {
                    assertThat(more.readToEnd()).isEmpty();
                } catch (UncheckedIOException closedAtOnce) {
                    assertThat(closedAtOnce).isNotNull();
                }
            }
            assertThat(node.count("postern.tls.handshakes")).isEqualTo(1);
            assertThat(node.count("postern.connections.refused")).isEqualTo(50);
            clients.forEach(TlsClient::close);
        }
    }

    @Test
    @DisplayName("Spoken refusals: as many in one second as allowed, then silence")
    void spoken() {
        var admission = new Admission(Limits.with(limits -> limits.spokenRefusalsPerSecond = 5));
        int spoken = 0;
        for (int i = 0; i < 1_000; i++) {
            spoken += admission.maySpeak() ? 1 : 0;
        }
        assertThat(spoken).isBetween(5, 10); // A second may end in between.
    }
}
