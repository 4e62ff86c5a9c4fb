package org.postern.accounts.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.ClientAddress;
import org.postern.model.Protocol;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SettableClock;

@DisplayName("The webhook")
class WebhookTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private final SettableClock clock = SettableClock.at(NOON);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private HttpServer receiver;
    private WebhookSettings settings;
    private @Nullable Webhook webhook;

    private record Request(String id, String timestamp, String signature, String body) {}

    @BeforeEach
    void start() throws IOException {
        SCRATCH.clear();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        receiver.createContext("/hook", this::receive);
        receiver.start();
        settings = new WebhookSettings(
                URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"),
                WebhookSettings.Secret.parse("whsec_" + Base64.getEncoder().encodeToString(KEY)),
                Set.of("cap-reached"),
                Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        if (webhook != null) {
            webhook.close();
        }
        receiver.stop(0);
    }

    private void startWebhook() {
        webhook = Webhook.start(SCRATCH.database(), settings, meters, clock);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            requests.add(new Request(
                    headers.getFirst("webhook-id"),
                    headers.getFirst("webhook-timestamp"),
                    headers.getFirst("webhook-signature"),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
            exchange.sendResponseHeaders(failures.getAndDecrement() > 0 ? 500 : 204, -1);
        }
    }

    private void happens(String caseName) {
        try (var events = new Events(SCRATCH.database(), meters, clock, settings::tells)) {
            events.write(Event.of(caseName, NOON)
                    .session(Protocol.IMAP, new ClientAddress(InetAddress.ofLiteral("192.0.2.1")), "s1")
                    .with("open", 3));
        }
    }

    private long owed() {
        return SCRATCH.database().once(tx -> tx.one("SELECT count(*) FROM webhook_event", row -> row.longValue(1)));
    }

    private static String signed(Request request) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        var text = request.id() + '.' + request.timestamp() + '.' + request.body();
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(UTF_8)));
    }

    @Test
    @DisplayName("tells the events that it is to tell, signed, once they are taken")
    void tells() throws Exception {
        happens("cap-reached");
        happens("auth-failed");
        assertThat(owed()).isEqualTo(1);
        startWebhook();
        await().atMost(Duration.ofSeconds(20)).until(() -> owed() == 0);
        assertThat(requests).hasSize(1);
        var request = requests.getFirst();
        assertThat(request.signature()).isEqualTo(signed(request));
        assertThat(request.timestamp()).isEqualTo(Long.toString(NOON.getEpochSecond()));
        assertThat(request.body())
                .contains(
                        "\"type\": \"cap-reached\"",
                        "\"session\": \"s1\"",
                        "\"open\": \"3\"",
                        "\"client\": \"192.0.2.1\"");
    }

    @Test
    @DisplayName("tells again what was not taken, under the same id")
    void again() {
        failures.set(1);
        happens("cap-reached");
        startWebhook();
        await().atMost(Duration.ofSeconds(20)).until(() -> requests.size() == 1);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        meters.counter("postern.webhook", "outcome", "failed").count() == 1);
        SCRATCH.database().once(tx -> tx.update("UPDATE webhook_event SET due_at = now()")); // Time passes.
        await().atMost(Duration.ofSeconds(20)).until(() -> owed() == 0);
        assertThat(requests)
                .hasSize(2)
                .extracting(Request::id)
                .containsOnly(requests.getFirst().id());
        assertThat(Webhook.backoff(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(Webhook.backoff(2)).isEqualTo(Duration.ofSeconds(10));
        assertThat(Webhook.backoff(1_000)).isEqualTo(Duration.ofHours(1));
    }

    @Test
    @DisplayName("goes to HTTPS or this machine, with a secret that is long enough and never shown")
    void settings() {
        assertThatThrownBy(() -> new WebhookSettings(
                        URI.create("http://example.org/"), settings.secret(), Set.of(), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WebhookSettings.Secret.parse("whsec_c2hvcnQ="))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(settings.toString()).doesNotContain(Base64.getEncoder().encodeToString(KEY));
    }
}
