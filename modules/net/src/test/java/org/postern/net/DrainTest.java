package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.testkit.TlsClient;

/** Draining and stopping. */
class DrainTest {
    @Test
    @DisplayName(
            "Idle clients hear why, a running command finishes, new ones are not accepted; returns when all are gone")
    void drains() throws Exception {
        try (var node = new TestNode(Limits.usual())) {
            var listener = node.listen(TlsMode.IMPLICIT);
            try (var idle = TlsClient.to(listener.port()).implicit();
                    var busy = TlsClient.to(listener.port()).implicit();
                    var handshaking = TlsClient.to(listener.port()).plain()) {
                idle.readLine();
                busy.readLine();
                handshaking.send(new byte[] {22});
                busy.sendLine("LITERAL 3");
                busy.readLine();
                var drain = Thread.ofVirtual().start(() -> node.listeners.drain(Duration.ofSeconds(20)));
                assertThat(idle.readToEnd()).isEqualTo("refused: shutting-down\r\n");
                idle.endOutput();
                // The socket itself is closed by its event loop, when that looks at its keys again.
                await().untilAsserted(() -> assertThatThrownBy(
                                () -> TlsClient.to(listener.port()).plain().close())
                        .isInstanceOf(RuntimeException.class));
                assertThat(handshaking.readToEnd()).isEmpty();
                assertThat(drain.isAlive()).isTrue();
                busy.send("abc");
                assertThat(busy.readLine()).matches("[0-9]+");
                assertThat(busy.readToEnd()).isEqualTo("refused: shutting-down\r\n");
                busy.endOutput();
                assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
                assertThat(listener.open()).isZero();
                assertThat(node.openGauge()).isZero();
            }
        }
    }

    @Test
    @DisplayName("After the deadline by force: sockets are closed, and a session that waits elsewhere is interrupted")
    void forces() {
        var interrupted = new CountDownLatch(1);
        try (var node = new TestNode(Limits.usual())) {
            var reading = node.listen(TlsMode.IMPLICIT);
            var stuck = node.listen(TlsMode.IMPLICIT, connection -> {
                connection.await(Duration.ofSeconds(30));
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            try (var one = TlsClient.to(reading.port()).implicit();
                    var two = TlsClient.to(stuck.port()).implicit()) {
                one.readLine();
                one.sendLine("LITERAL 3");
                one.readLine();
                two.sendLine("go");
                await().until(() -> node.count("postern.connections.bytes", "direction", "in") > 10);
                long before = System.nanoTime();
                node.listeners.drain(Duration.ofMillis(300));
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
                assertThat(one.readToEnd()).isEmpty();
                assertThat(interrupted.getCount()).isZero();
                assertThat(stuck.open()).isZero();
            }
        }
    }

    @Test
    @DisplayName("Draining one listener leaves the others alone")
    void drainsOne() {
        try (var node = new TestNode(Limits.usual())) {
            var goes = node.listen(TlsMode.IMPLICIT);
            var stays = node.listen(TlsMode.IMPLICIT);
            try (var one = TlsClient.to(goes.port()).implicit();
                    var two = TlsClient.to(stays.port()).implicit()) {
                one.readLine();
                two.readLine();
                goes.drain(Duration.ofMillis(500));
                assertThat(one.readToEnd()).isEqualTo("refused: shutting-down\r\n");
                two.sendLine("still here");
                assertThat(two.readLine()).isEqualTo("still here");
            }
        }
    }

    @Test
    @DisplayName("A port that is taken is refused with its name")
    void takenPort() {
        try (var node = new TestNode(Limits.usual())) {
            var first = node.listen(TlsMode.IMPLICIT);
            var again = new ListenerSettings(
                    "imaps",
                    "imap",
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), first.port()),
                    TlsMode.IMPLICIT,
                    List.of());
            assertThatThrownBy(() -> node.listeners.bind(again, node.sessions, TestNode::spoken))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("imaps")
                    .hasMessageContaining(Integer.toString(first.port()));
        }
    }
}
