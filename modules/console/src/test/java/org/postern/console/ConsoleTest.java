package org.postern.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metrics and health over a real socket. */
final class ConsoleTest {
    private final Meters meters = new Meters();
    private final AtomicReference<Optional<String>> database = new AtomicReference<>(Optional.empty());
    private final HttpClient http = HttpClient.newHttpClient();
    private Console console;

    @BeforeEach
    void open() throws IOException {
        var checks = List.of(new HealthCheck("listeners", Optional::empty), new HealthCheck("database", database::get));
        console = Console.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), meters.registry(), checks);
    }

    @AfterEach
    void close() {
        console.close();
        meters.close();
        http.close();
    }

    @Test
    void metricsAreThoseOfTheJvmAndOurs() throws Exception {
        Timer.builder("postern.commands")
                .tag("command", "NOOP")
                .register(meters.registry())
                .record(Duration.ofMillis(3));
        var answer = get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("jvm_memory_used_bytes", "process_uptime_seconds", "jvm_threads_live_threads")
                .contains("postern_commands_seconds_bucket{command=\"NOOP\",le=\"0.00")
                .contains("postern_commands_seconds_count{command=\"NOOP\"} 1");
    }

    @Test
    void liveSaysNothingOfTheDatabase() throws Exception {
        database.set(Optional.of("does not answer"));
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void readyOnlyWhenAllIsWell() throws Exception {
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").body())
                .isEqualTo("{\"checks\":{\"listeners\":\"up\",\"database\":\"up\"},\"status\":\"up\"}\n");
        database.set(Optional.of("does \"not\" answer"));
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").body())
                .isEqualTo("{\"checks\":{\"listeners\":\"up\",\"database\":\"does \\\"not\\\" answer\"},"
                        + "\"status\":\"down\"}\n");
    }

    @Test
    void aFailingCheckIsABugAndAnswered() throws Exception {
        var checks = List.of(new HealthCheck("broken", () -> {
            throw new IllegalStateException("thrown by the test");
        }));
        try (var broken =
                Console.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), meters.registry(), checks)) {
            var answer = get(broken, "/health/ready");
            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).doesNotContain("thrown by the test");
        }
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(get("/").statusCode()).isEqualTo(404);
        assertThat(get("/metrics/more").statusCode()).isEqualTo(404);
        var post = HttpRequest.newBuilder(uri(console, "/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        var head = HttpRequest.newBuilder(uri(console, "/metrics")).HEAD().build();
        assertThat(http.send(head, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }

    @Test
    void aTakenPortIsNamed() {
        var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), console.port());
        var refused = catchThrowableOfType(IOException.class, () -> Console.open(taken, meters.registry(), List.of()));
        assertThat(refused).hasMessageContaining("console: port " + console.port());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(console, path);
    }

    private HttpResponse<String> get(Console from, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(from, path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(Console console, String path) {
        return URI.create("http://127.0.0.1:" + console.port() + path);
    }
}
