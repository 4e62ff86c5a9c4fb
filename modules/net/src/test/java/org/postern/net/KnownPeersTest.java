package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.model.Domain;
import org.postern.testkit.CertificateAuthority;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;
import org.slf4j.LoggerFactory;

@DisplayName("A listener for known peers")
class KnownPeersTest {
    @TempDir
    Path directory;

    /** Keeps what is logged. */
    private static final class Kept extends AppenderBase<ILoggingEvent> {
        private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        /** The fields of each line of that case. */
        List<String> of(String caseName) {
            return events.stream()
                    .filter(event -> event.getKeyValuePairs() != null) // None of some.
                    .map(event -> event.getKeyValuePairs().stream()
                            .map(pair -> pair.key + "=" + pair.value)
                            .collect(Collectors.joining(" ")))
                    .filter(fields -> fields.contains("case=" + caseName))
                    .toList();
        }
    }

    @Test
    @DisplayName(
            "writes a line for each stranger that it closes in the handshake: somebody may be waiting for their mail")
    void refused() throws IOException {
        var authority = CertificateAuthority.in(directory.resolve("ours"), "Ours");
        var logger = (Logger) LoggerFactory.getLogger(Wire.class);
        var kept = new Kept();
        kept.start();
        logger.addAppender(kept);
        try (var node = new TestNode(Limits.usual())) {
            var peers = new KnownPeers(List.of(authority.certificate()), Set.of(new Domain("edge.example.org")));
            var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            var settings = new ListenerSettings(
                    "peers",
                    "echo",
                    any,
                    TlsMode.IMPLICIT,
                    List.of(),
                    Optional.empty(),
                    false,
                    false,
                    Optional.of(peers));
            int port = node.listeners
                    .bind(settings, node.sessions, TestNode::spoken)
                    .port();
            try (var known = TlsClient.to(port)
                    .showing(authority.issue("edge.example.org"))
                    .implicit()) {
                assertThat(known.readLine()).isNotNull();
            }
            assertThat(kept.of("peer-refused")).isEmpty();
            speak(port, Optional.empty());
            speak(port, Optional.of(authority.issue("stranger.example.org")));
            await().untilAsserted(() -> assertThat(kept.of("peer-refused"))
                    .hasSize(2)
                    .allMatch(fields -> fields.startsWith("listener=peers client=127.0.0.1")));
        } finally {
            logger.detachAppender(kept);
        }
    }

    /** In TLS 1.3 a client learns with its first read that the server has not liked its certificate. */
    private static void speak(int port, Optional<Certificates> shown) {
        var target = TlsClient.to(port);
        try (var client = shown.map(target::showing).orElse(target).implicit()) {
            assertThat(client.readLine()).as("what a stranger is told").isNull();
        } catch (UncheckedIOException e) {
            assertThat(e).as("closed in the handshake").isNotNull();
        }
    }
}
