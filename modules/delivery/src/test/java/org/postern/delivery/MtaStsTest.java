package org.postern.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.accounts.Access;
import org.postern.mime.MessageParser;
import org.postern.mime.Spool;
import org.postern.model.Address;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpSink;

@DisplayName("RFC 8461: MTA-STS, and RFC 8689: REQUIRETLS")
class MtaStsTest {
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Certificates CERTIFICATES =
            Certificates.selfSigned("mx.strict.example", "mta-sts.strict.example");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(10);

    @TempDir
    static Path spools;

    private final AtomicReference<String> policy = new AtomicReference<>("");
    private HttpsServer policyHost;
    private Post post;
    private Outside outside;
    private Access access;

    @BeforeEach
    void open() throws IOException {
        SCRATCH.clear();
        post = new Post(SCRATCH.database(), spools, Post.limits(Duration.ofSeconds(2), 64)).found();
        outside = new Outside(post).trusting(CERTIFICATES.certificate());
        post.mailbox("ann");
        access = post.access("ann");
        policyHost = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0), 0);
        policyHost.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATES.serverContext()));
        policyHost.createContext("/.well-known/mta-sts.txt", exchange -> {
            var body = policy.get().getBytes(US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        policyHost.start();
        outside.policiesAt(policyHost.getAddress().getPort());
        outside.dns.host("mta-sts.strict.example", "127.0.0.9");
    }

    @AfterEach
    void close() {
        policyHost.stop(0);
        access.close();
        outside.close();
        post.check();
        post.close();
    }

    private void announce(String mode, String mx) {
        policy.set("version: STSv1\r\nmode: " + mode + "\r\nmx: " + mx + "\r\nmax_age: 86400\r\n");
        outside.dns.txt("_mta-sts.strict.example", "v=STSv1; id=1;");
    }

    private String lastReply() {
        return post.database.once(tx -> tx.first(
                        "SELECT coalesce(last_reply, '') AS reply FROM queue_recipient", row -> row.text("reply"))
                .orElse("gone"));
    }

    private void submit() {
        assertThat(post.submit(access, MESSAGE, "x@strict.example")).isInstanceOf(SubmitOutcome.Accepted.class);
    }

    @Test
    @DisplayName("§4: an enforced policy: verified TLS with a host that it names")
    void enforced() {
        var remote = outside.domain("strict.example", "127.0.0.2").withTls(CERTIFICATES);
        announce("enforce", "*.strict.example");
        submit();
        outside.relay();
        outside.drained();
        assertThat(remote.received())
                .singleElement()
                .satisfies(each -> assertThat(each.secured()).isTrue());
        assertThat(post.count("SELECT count(*) FROM mta_sts_policy WHERE mode = 'enforce'"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "§5: no TLS, another's certificate, a host that is not named: nothing is sent; what was fetched before still holds")
    void refused() {
        var remote = outside.domain("strict.example", "127.0.0.2");
        announce("enforce", "mx.strict.example");
        submit();
        var relay = outside.relay();
        await().atMost(PATIENCE).until(() -> lastReply().contains("4.7.4 mx.strict.example offers no TLS"));
        policyHost.stop(0);
        outside.dns.forget("_mta-sts.strict.example");
        remote.withTls(Certificates.selfSigned("mx.other.example"));
        await().atMost(PATIENCE).until(() -> lastReply().contains("4.7.5 No TLS with mx.strict.example"));
        post.database.transact(tx -> tx.update("UPDATE mta_sts_policy SET mx = '{mx.elsewhere.example}'"));
        await().atMost(PATIENCE).until(() -> lastReply().contains("(MTA-STS) names none of its mail hosts"));
        assertThat(remote.received()).isEmpty();
        post.database.transact(tx -> tx.update("UPDATE mta_sts_policy SET mode = 'testing'"));
        outside.drained();
        assertThat(remote.received()).hasSize(1);
        relay.close();
    }

    @Test
    @DisplayName("§3.3: a policy of more than 64 KB is none")
    void boundOfThePolicy() {
        var remote = outside.domain("strict.example", "127.0.0.2").withTls(CERTIFICATES);
        announce("enforce", "mx.strict.example");
        policy.set(policy.get() + "padding: " + "x".repeat(64 << 10) + "\r\n");
        submit();
        outside.relay();
        outside.drained();
        assertThat(remote.received()).hasSize(1);
        assertThat(post.count("SELECT count(*) FROM mta_sts_policy WHERE mode = 'enforce'"))
                .isZero();
    }

    @Test
    @DisplayName("RFC 8689 §4.2: REQUIRETLS goes on, to a verified host that offers it")
    void requireTls() throws IOException {
        var remote = outside.domain("strict.example", "127.0.0.2")
                .withTls(CERTIFICATES)
                .offering("STARTTLS", "REQUIRETLS");
        var bytes = Spool.of(MESSAGE.getBytes(US_ASCII));
        var options = new MailOptions(BodyType.SEVEN_BIT, false, Map.of("REQUIRETLS", ""), Optional.empty());
        var to = Address.parse("x@strict.example").orElseThrow();
        assertThat(post.submissions.submit(
                        access,
                        new Submission(
                                Optional.of(Post.address("ann")),
                                List.of(new Recipient(to, Optional.empty())),
                                bytes,
                                MessageParser.parse(bytes),
                                "",
                                options,
                                "trace.tls")))
                .isInstanceOf(SubmitOutcome.Accepted.class);
        submit();
        outside.relay();
        outside.drained();
        assertThat(remote.received()).extracting(SmtpSink.Received::mail).contains("<ann@example.org> REQUIRETLS");
    }
}
