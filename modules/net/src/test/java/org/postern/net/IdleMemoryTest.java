package org.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.testkit.TlsClient;

/**
 * What an idle connection costs, printed; a measurement, run by hand on a quiet machine with
 * {@code -Dpostern.measure=true}.
 */
@EnabledIfSystemProperty(named = "postern.measure", matches = "true")
class IdleMemoryTest {
    private static final int CONNECTIONS = 300;
    private static final int GROSS = 64 << 10;

    /** The clients: in a process of their own, so that only the server's side is measured here. */
    static final class Clients {
        private Clients() {}

        public static void main(String[] arguments) throws IOException {
            int port = Integer.parseInt(arguments[0]);
            var clients = new ArrayList<TlsClient>();
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                var client = TlsClient.to(port).implicit();
                client.readLine();
                client.sendLine("LOGIN");
                client.readLine();
                clients.add(client);
            }
            System.in.transferTo(System.out); // Until the parent closes.
            clients.forEach(TlsClient::close);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPENSSL", "JDK"})
    @DisplayName("Idle TLS connections hold no buffers")
    void idle(TlsSettings.Provider provider) throws IOException {
        try (var node = new TestNode(Limits.usual(), provider, TestNode.DEFAULT_CERTIFICATE)) {
            int port = node.listen(TlsMode.IMPLICIT).port();
            hold(node, port, 20); // Classes, event loops, arenas.
            int count = Integer.getInteger("postern.idle.connections", CONNECTIONS);
            var cost = hold(node, port, count);
            System.out.printf(
                    Locale.ROOT,
                    "idle connections over %s: %.1f KiB of heap, %.1f KiB resident each%n",
                    provider,
                    cost.heap() / 1024.0,
                    cost.resident() / 1024.0);
            assertThat(cost.heap()).isLessThan(GROSS);
        }
    }

    private record Cost(double heap, double resident) {}

    private static Cost hold(TestNode node, int port, int count) throws IOException {
        long heap = heap();
        long resident = resident();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Clients.class.getName(),
                        Integer.toString(port),
                        Integer.toString(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> node.sessions.begun.size() >= count
                            && node.sessions.begun.stream()
                                    .skip(node.sessions.begun.size() - count)
                                    .allMatch(c -> c.silence().toMillis() > 300));
            assertThat(node.listeners.open()).isEqualTo(count);
            return new Cost((heap() - heap) / (double) count, (resident() - resident) / (double) count);
        } finally {
            process.getOutputStream().close();
            process.onExit().join();
            await().until(() -> node.listeners.open() == 0);
            node.sessions.begun.clear();
            node.sessions.ended.clear();
        }
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long resident() throws IOException {
        var line = Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.US_ASCII).stream()
                .filter(l -> l.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
    }
}
