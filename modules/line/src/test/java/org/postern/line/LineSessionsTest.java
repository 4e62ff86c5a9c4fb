package org.postern.line;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.james.protocols.api.Request;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.StartTlsResponse;
import org.apache.james.protocols.api.handler.CommandHandler;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.DisconnectHandler;
import org.apache.james.protocols.api.handler.ProtocolHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.NetLimits;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.testkit.Certificates;
import org.postern.testkit.TlsClient;

/** What James' chain does on our connections; most of these are what James 3.8.1 by itself does otherwise. */
class LineSessionsTest {
    private static final Certificates CERTIFICATE = Certificates.selfSigned("mail.example.org");
    private static final LineLimits LIMITS =
            new LineLimits(100, 1_000, 4, 20, 40, Duration.ofMillis(400), Duration.ofSeconds(30));

    private final CopyOnWriteArrayList<RuntimeException> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger farewells = new AtomicInteger();
    private TlsContexts tls;
    private Listeners listeners;
    private int secure;
    private int clear;

    private record Verb(String name, java.util.function.BiFunction<TalkSession, Command, Response> answer)
            implements CommandHandler<TalkSession> {
        @Override
        public Collection<String> getImplCommands() {
            return List.of(name);
        }

        @Override
        public Response onCommand(TalkSession session, Request request) {
            return answer.apply(session, (Command) request);
        }
    }

    private static final class StartTls extends org.apache.james.protocols.api.AbstractResponse
            implements StartTlsResponse {
        StartTls() {
            super("+", "begin");
        }

        @Override
        public List<CharSequence> getLines() {
            return List.of("+begin");
        }
    }

    @BeforeEach
    void open() throws IOException {
        var handlers = List.<ProtocolHandler>of(
                (ConnectHandler<TalkSession>) session -> TalkSession.yes("hello " + session.getSessionID()),
                (DisconnectHandler<TalkSession>) session -> farewells.incrementAndGet(),
                new Verb(
                        "ECHO",
                        (session, command) -> TalkSession.yes(command.argument().orElse(""))),
                new Verb("STLS", (session, command) -> new StartTls()),
                new Verb("BOOM", (session, command) -> {
                    throw new IllegalStateException("the secret detail");
                }),
                new Verb("LOGIN", (session, command) -> {
                    session.loggedIn = true;
                    return TalkSession.yes("in");
                }),
                new Verb("ASK", LineSessionsTest::ask),
                new Verb(
                        "BODY",
                        (session, command) ->
                                new WrittenResponse(TalkSession.yes("body"), out -> out.write(new byte[300_000]))),
                new Verb("FORGE", (session, command) -> TalkSession.yes("a\r\n+forged")),
                new Verb("BYE", (session, command) -> TalkSession.bye("bye")));
        var sessions = new LineSessions<>(transport -> new TalkSession(transport, failures), handlers, LIMITS);
        var files = new TlsSettings.CertificateFiles(CERTIFICATE.certificateFile(), CERTIFICATE.keyFile());
        tls = TlsContexts.open(
                new TlsSettings(TlsSettings.Provider.AUTO, List.of(files), Duration.ofHours(1)),
                InstantSource.system(),
                new SecureRandom());
        listeners = new Listeners(NetLimits.DEFAULT, tls, new SimpleMeterRegistry(), new SecureRandom());
        secure = listen(TlsMode.IMPLICIT, sessions);
        clear = listen(TlsMode.STARTTLS, sessions);
    }

    private static Response ask(TalkSession session, Command command) {
        var answer = session.transport.ask(TalkSession.yes("what?"), session, 50, Duration.ofSeconds(5));
        return TalkSession.yes("heard " + new String(LineTransport.withoutLineEnd(answer), UTF_8));
    }

    private int listen(TlsMode mode, LineSessions<TalkSession> sessions) throws IOException {
        var any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        return listeners
                .bind(
                        new ListenerSettings("talk", "talk", any, mode, List.of()),
                        sessions,
                        refusal -> ("-" + refusal.caseName() + "\r\n").getBytes(UTF_8))
                .port();
    }

    @AfterEach
    void close() {
        listeners.close();
        tls.close();
    }

    private TlsClient connect() {
        var client = TlsClient.to(secure).implicit();
        assertThat(client.readLine()).startsWith("+hello ");
        return client;
    }

    @Test
    @DisplayName("the gate comes before every command, and STLS opens it; a forged reply line stays one line")
    void gatesUntilTls() {
        try (var client = TlsClient.to(clear).plain()) {
            client.readLine();
            client.send("ECHO secret\r\nNOSUCH secret\r\n");
            assertThat(client.readLine()).isEqualTo("-TLS first");
            assertThat(client.readLine()).isEqualTo("-unknown");
            client.send("STLS\r\n");
            assertThat(client.readLine()).isEqualTo("+begin");
            client.startTls();
            client.send("ECHO x\r\nFORGE\r\n");
            assertThat(client.readLine()).isEqualTo("+x");
            assertThat(client.readLine()).isEqualTo("+a??+forged");
        }
    }

    @Test
    @DisplayName("RFC 3207 §6: bytes in clear behind STLS end the session, told so")
    void refusesInjection() {
        try (var client = TlsClient.to(clear).plain()) {
            client.readLine();
            client.send("STLS\r\nECHO injected\r\n");
            assertThat(client.readToEnd()).isEqualTo("-injected\r\n");
        }
    }

    @Test
    @DisplayName("what a handler throws is one coded reply, without its words; the session goes on; James swallows it")
    void failuresAreReplies() {
        try (var client = connect()) {
            client.send("BOOM\r\nECHO on\r\n");
            assertThat(client.readLine()).isEqualTo("-failed");
            assertThat(client.readLine()).isEqualTo("+on");
        }
        assertThat(failures).singleElement().satisfies(e -> assertThat(e).hasMessage("the secret detail"));
    }

    @Test
    @DisplayName("arguments arrive unchanged, in UTF-8, odd bytes are refused; James trims and reads US-ASCII")
    void readsLines() {
        try (var client = connect()) {
            client.send("echo  two  spaces \u00e4\u4f60  \r\n");
            assertThat(client.readLine()).isEqualTo("+ two  spaces \u00e4\u4f60");
            client.send("ECHO a\tb\r\n");
            assertThat(client.readLine()).isEqualTo("-CONTROL_CHARACTER");
            client.send(new byte[] {'E', 'C', 'H', 'O', ' ', (byte) 0xFF, '\r', '\n'});
            assertThat(client.readLine()).isEqualTo("-NOT_UTF8");
            client.send("ECHO a\n");
            assertThat(client.readLine()).isEqualTo("-BARE_LINE_END");
        }
    }

    @Test
    void boundsLinesAndBadCommands() {
        try (var client = connect()) {
            client.send("ECHO " + "a".repeat(93) + "\r\n");
            assertThat(client.readLine()).hasSize(94);
            client.send("ECHO " + "a".repeat(94) + "\r\nECHO next\r\n");
            assertThat(client.readLine()).isEqualTo("-TOO_LONG");
            assertThat(client.readLine()).isEqualTo("+next");
            client.send("X\r\n".repeat(9));
            assertThat(client.readToEnd()).isEqualTo("-unknown\r\n".repeat(3) + "-too many\r\n");
        }
        try (var client = connect()) {
            client.send("a".repeat(3_000));
            assertThat(client.readToEnd()).isEqualTo("-too many\r\n");
        }
    }

    @Test
    void boundsCommandsBeforeAndAfterLogin() {
        try (var client = connect()) {
            client.send("ECHO\r\n".repeat(21));
            assertThat(client.readToEnd()).isEqualTo("+\r\n".repeat(20) + "-too many\r\n");
        }
        try (var client = connect()) {
            client.send("LOGIN\r\n" + "ECHO\r\n".repeat(45));
            assertThat(client.readToEnd()).isEqualTo("+in\r\n" + "+\r\n".repeat(39) + "-too many\r\n");
        }
    }

    @Test
    @DisplayName("idle at the limit, not at twice the limit as James")
    void idlesOutInTime() {
        try (var client = connect()) {
            long begun = System.nanoTime();
            assertThat(client.readToEnd()).isEqualTo("-idle\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(780));
        }
    }

    @Test
    void asksInsideACommandAndWritesBodies() {
        try (var client = connect()) {
            client.send("ASK\r\n");
            assertThat(client.readLine()).isEqualTo("+what?");
            client.send("this\r\nBODY\r\nBYE\r\nECHO never\r\n");
            assertThat(client.readLine()).isEqualTo("+heard this");
            assertThat(client.readLine()).isEqualTo("+body");
            assertThat(client.readExactly(300_000)).hasSize(300_000);
            assertThat(client.readToEnd()).isEqualTo("-bye\r\n");
        }
    }

    @Test
    @DisplayName("a drain is told, and however a session ends, its farewell is said once")
    void endsAreTold() {
        connect().close();
        try (var drained = connect()) {
            listeners.drain(Duration.ofSeconds(5));
            assertThat(drained.readToEnd()).isEqualTo("-shutting-down\r\n");
        }
        assertThat(farewells).hasValue(2);
    }
}
