package org.postern.delivery.inbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.delivery.Letter;
import org.postern.delivery.inbound.Judgement.Junk;
import org.postern.delivery.inbound.Judgement.NotNow;
import org.postern.delivery.inbound.Judgement.Spam;
import org.postern.delivery.inbound.Judgement.Welcome;
import org.postern.delivery.inbound.SpamSettings.Certain;
import org.postern.delivery.inbound.SpamSettings.Probable;
import org.postern.delivery.inbound.SpamSettings.Unreachable;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Address;

@DisplayName("Rspamd's /checkv2")
class SpamFilterTest {
    private static final String MESSAGE = "From: a@far.example\r\n\r\nbody\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer rspamd;
    private volatile String answer = "{}";
    private volatile Headers asked = new Headers();
    private volatile String told = "";

    @BeforeEach
    void open() throws IOException {
        rspamd = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        rspamd.setExecutor(threads);
        rspamd.createContext("/checkv2", exchange -> {
            asked = exchange.getRequestHeaders();
            told = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
            var bytes = answer.getBytes(US_ASCII);
            exchange.sendResponseHeaders(200, bytes.length);
            try (var out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        });
        rspamd.start();
    }

    @AfterEach
    void close() {
        rspamd.stop(0);
        threads.shutdownNow();
    }

    private SpamSettings settings(Duration timeout) {
        return new SpamSettings(
                URI.create("http://127.0.0.1:" + rspamd.getAddress().getPort()),
                Optional.of("secret"),
                timeout,
                1000,
                Unreachable.ACCEPT,
                Probable.JUNK,
                Certain.REFUSE);
    }

    private static SpamSettings with(SpamSettings old, Unreachable unreachable, Probable probable, Certain certain) {
        return new SpamSettings(
                old.url(), old.password(), old.timeout(), old.maxBytes(), unreachable, probable, certain);
    }

    private static Letter letter(String message) {
        var bytes = Spool.of(message.getBytes(US_ASCII));
        try {
            return new Letter(bytes, MessageParser.parse(bytes));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Inquiry inquiry(int recipients) {
        return new Inquiry(
                InetAddress.ofLiteral("192.0.2.1"),
                "mail.far.example",
                Address.parse("a@far.example"),
                IntStream.range(0, recipients)
                        .mapToObj(i -> Address.parse("r" + i + "@example.org").orElseThrow())
                        .toList(),
                "trace.1");
    }

    private static Judged judge(SpamSettings settings, String message) {
        try (var filter = new SpamFilter(settings, new SimpleMeterRegistry())) {
            return filter.judge(letter(message), inquiry(1), PATIENCE);
        }
    }

    private static String text(Judged judged) {
        try (var in = judged.letter().bytes().open()) {
            return new String(in.readAllBytes(), US_ASCII);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("the filter is told who brings the message and for whom, MAX_RECIPIENTS of them at most")
    void asks() {
        answer = "{\"action\":\"no action\",\"score\":1.5,\"required_score\":15,"
                + "\"symbols\":{\"X\":{\"name\":\"X\",\"options\":[\"a\"]}},\"time_real\":0.1}";
        Judged judged;
        try (var filter = new SpamFilter(settings(PATIENCE), new SimpleMeterRegistry())) {
            judged = filter.judge(letter(MESSAGE), inquiry(SpamFilter.MAX_RECIPIENTS + 1), PATIENCE);
        }
        assertThat(judged.judgement()).isEqualTo(new Welcome());
        assertThat(text(judged)).isEqualTo("X-Spam-Status: No, score=1.50 required=15.00\r\n" + MESSAGE);
        assertThat(told).isEqualTo(MESSAGE);
        assertThat(asked.getFirst("IP")).isEqualTo("192.0.2.1");
        assertThat(asked.getFirst("Helo")).isEqualTo("mail.far.example");
        assertThat(asked.getFirst("From")).isEqualTo("a@far.example");
        assertThat(asked.getFirst("Queue-Id")).isEqualTo("trace.1");
        assertThat(asked.getFirst("Password")).isEqualTo("secret");
        assertThat(asked.getFirst("Content-length")).isEqualTo(String.valueOf(MESSAGE.length()));
        assertThat(asked.get("Rcpt")).hasSize(SpamFilter.MAX_RECIPIENTS).startsWith("r0@example.org");
    }

    @ParameterizedTest
    @CsvSource({"add header", "rewrite subject"})
    @DisplayName("what it marks is junk, or only marked, as configured")
    void probable(String action) {
        answer = "{\"action\":\"" + action + "\",\"score\":7,\"required_score\":15}";
        var junk = judge(settings(PATIENCE), MESSAGE);
        assertThat(junk.judgement()).isEqualTo(new Junk());
        assertThat(text(junk)).isEqualTo("X-Spam: Yes\r\nX-Spam-Status: Yes, score=7.00 required=15.00\r\n" + MESSAGE);
        var marking = with(settings(PATIENCE), Unreachable.ACCEPT, Probable.MARK, Certain.REFUSE);
        assertThat(judge(marking, MESSAGE).judgement()).isEqualTo(new Welcome());
    }

    @Test
    @DisplayName("what it rejects is refused in its words, made printable, or junk; what it wants later is deferred")
    void certain() {
        answer = "{\"action\":\"reject\",\"score\":20,\"messages\":{\"x\":[1],\"smtp_message\":\"Spam!\\r\\n250 ok\"}}";
        assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).isEqualTo(new Spam("Spam!??250 ok"));
        var junking = with(settings(PATIENCE), Unreachable.ACCEPT, Probable.JUNK, Certain.JUNK);
        assertThat(judge(junking, MESSAGE).judgement()).isEqualTo(new Junk());
        for (var action : List.of("greylist", "soft reject")) {
            answer = "{\"action\":\"" + action + "\"}";
            assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).isInstanceOf(NotNow.class);
        }
    }

    @Test
    @DisplayName("of its words MAX_SAID characters go to the other server")
    void boundOfWords() {
        var words = "x".repeat(SpamFilter.MAX_SAID);
        for (var said : List.of(words, words + "y")) {
            answer = "{\"action\":\"reject\",\"messages\":{\"smtp_message\":\"" + said + "\"}}";
            assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).isEqualTo(new Spam(words));
        }
    }

    @Test
    @DisplayName("AT_ONCE questions are asked at once; more wait for their turn, and get it")
    void boundAtOnce() throws Exception {
        var asking = new AtomicInteger();
        var most = new AtomicInteger();
        var held = new CountDownLatch(1);
        rspamd.removeContext("/checkv2");
        rspamd.createContext("/checkv2", exchange -> {
            most.accumulateAndGet(asking.incrementAndGet(), Math::max);
            try {
                held.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            asking.decrementAndGet();
            var bytes = "{\"action\":\"reject\"}".getBytes(US_ASCII);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        try (var filter = new SpamFilter(settings(PATIENCE), new SimpleMeterRegistry())) {
            var judged = IntStream.range(0, SpamFilter.AT_ONCE + 8)
                    .mapToObj(i -> threads.submit(() -> filter.judge(letter(MESSAGE), inquiry(1), PATIENCE)))
                    .toList();
            await().atMost(PATIENCE).until(() -> asking.get() == SpamFilter.AT_ONCE);
            held.countDown();
            for (var each : judged) {
                assertThat(each.get().judgement()).isInstanceOf(Spam.class);
            }
        }
        assertThat(most).hasValue(SpamFilter.AT_ONCE);
    }

    @Test
    @DisplayName("when the time for all checks is over, it is not asked any more")
    void outOfTime() {
        answer = "{\"action\":\"reject\"}";
        try (var filter = new SpamFilter(settings(PATIENCE), new SimpleMeterRegistry())) {
            assertThat(filter.judge(letter(MESSAGE), inquiry(1), Duration.ofNanos(-1))
                            .judgement())
                    .isEqualTo(new Welcome());
        }
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"score\":1}", "{\"action\":", "{\"action\":\"reject\",\"score\":\"many\"}"})
    @DisplayName("an answer that makes no sense is none: the message is taken, and says so, or is to come again")
    void nonsense(String nonsense) {
        answer = nonsense;
        var judged = judge(settings(PATIENCE), MESSAGE);
        assertThat(judged.judgement()).isEqualTo(new Welcome());
        assertThat(text(judged)).isEqualTo("X-Spam-Status: Unknown\r\n" + MESSAGE);
        var deferring = with(settings(PATIENCE), Unreachable.DEFER, Probable.JUNK, Certain.REFUSE);
        assertThat(judge(deferring, MESSAGE).judgement()).isInstanceOf(NotNow.class);
    }

    @Test
    @DisplayName("so is one of more than MAX_ANSWER_BYTES; one of just so many is read")
    void boundOfTheAnswer() {
        var shortest = "{\"action\":\"reject\"}";
        answer = shortest + " ".repeat(SpamFilter.MAX_ANSWER_BYTES - shortest.length());
        assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).isInstanceOf(Spam.class);
        answer += " ";
        assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).isEqualTo(new Welcome());
    }

    @Test
    @DisplayName("a message over the size is not asked about")
    void boundOfTheMessage() {
        answer = "{\"action\":\"reject\"}";
        int room = 1000 - MESSAGE.length();
        assertThat(judge(settings(PATIENCE), MESSAGE + "x".repeat(room)).judgement())
                .isInstanceOf(Spam.class);
        assertThat(judge(settings(PATIENCE), MESSAGE + "x".repeat(room + 1)).judgement())
                .isEqualTo(new Welcome());
    }

    @Test
    @DisplayName("a filter that answers too late, with an error, or not at all")
    void unreachable() {
        var silence = new CountDownLatch(1);
        rspamd.removeContext("/checkv2");
        assertThat(judge(settings(PATIENCE), MESSAGE).judgement()).as("404").isEqualTo(new Welcome());
        rspamd.createContext("/checkv2", exchange -> {
            try {
                silence.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        var deferring = with(settings(Duration.ofMillis(300)), Unreachable.DEFER, Probable.JUNK, Certain.REFUSE);
        assertThat(judge(deferring, MESSAGE).judgement()).as("silent").isInstanceOf(NotNow.class);
        silence.countDown();
        rspamd.stop(0);
        assertThat(judge(deferring, MESSAGE).judgement()).as("gone").isInstanceOf(NotNow.class);
    }
}
