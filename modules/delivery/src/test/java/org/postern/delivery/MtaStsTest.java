package org.postern.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpSink;

@DisplayName("RFC 8461: MTA-STS, and RFC 8689: REQUIRETLS")
class MtaStsTest {
    private static final Certificates CERTIFICATES =
            Certificates.selfSigned("mx.strict.example", "mta-sts.strict.example");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(10);

    @AutoClose
    private final Scene scene = new Scene(SCRATCH);

    private final Outside outside = scene.outside.trusting(CERTIFICATES.certificate());
    private final AtomicReference<String> policy = new AtomicReference<>("");
    private final AtomicReference<String> padding = new AtomicReference<>("");
    private HttpsServer policyHost;

    @BeforeEach
    void open() throws IOException {
        policyHost = HttpsServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0), 0);
        policyHost.setHttpsConfigurator(new HttpsConfigurator(CERTIFICATES.serverContext()));
        policyHost.createContext("/.well-known/mta-sts.txt", exchange -> {
            var body = policy.get().getBytes(US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", "text/plain");
            exchange.getResponseHeaders().add("X-Padding", padding.get());
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
    }

    private void announce(String mode, String mx) {
        policy.set("version: STSv1\r\nmode: " + mode + "\r\nmx: " + mx + "\r\nmax_age: 86400\r\n");
        outside.dns.txt("_mta-sts.strict.example", "v=STSv1; id=1;");
    }

    private long policies(String mode) {
        return scene.post.count("SELECT count(*) FROM mta_sts_policy WHERE mode = ?", mode);
    }

    private void change(String sql) {
        scene.post.database.transact(tx -> tx.update(sql));
    }

    @Test
    @DisplayName("§4: an enforced policy: verified TLS with a host that it names")
    void enforced() {
        var remote = outside.domain("strict.example", "127.0.0.2").withTls(CERTIFICATES);
        announce("enforce", "*.strict.example");
        scene.submit("x@strict.example");
        outside.relay();
        outside.drained();
        assertThat(remote.received())
                .singleElement()
                .satisfies(each -> assertThat(each.secured()).isTrue());
        assertThat(policies("enforce")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "§5: no TLS, another's certificate, a host that is not named: nothing is sent; what was fetched before still holds")
    void refused() {
        var remote = outside.domain("strict.example", "127.0.0.2");
        announce("enforce", "mx.strict.example");
        scene.submit("x@strict.example");
        outside.relay();
        scene.awaitReply("x@strict.example", "4.7.4 mx.strict.example offers no TLS");
        policyHost.stop(0);
        outside.dns.forget("_mta-sts.strict.example");
        remote.withTls(Certificates.selfSigned("mx.other.example"));
        scene.awaitReply("x@strict.example", "4.7.5 No TLS with mx.strict.example");
        change("UPDATE mta_sts_policy SET mx = '{mx.elsewhere.example}'");
        scene.awaitReply("x@strict.example", "(MTA-STS) does not name mx.strict.example");
        assertThat(remote.received()).isEmpty();
        change("UPDATE mta_sts_policy SET mode = 'testing'");
        outside.drained();
        assertThat(remote.received()).hasSize(1);
    }

    @Test
    @DisplayName(
            "§2: DANE comes first: neither does the policy excuse another certificate, nor is it asked where the records match")
    void dane() throws GeneralSecurityException {
        var remote = outside.domain("strict.example", "127.0.0.2").withTls(CERTIFICATES);
        var own = Certificates.selfSigned("own.example");
        var key = MessageDigest.getInstance("SHA-256")
                .digest(own.certificate().getPublicKey().getEncoded());
        outside.dns.sign("strict.example");
        outside.tlsa("mx.strict.example", 3, 1, 1, HexFormat.of().formatHex(key));
        announce("enforce", "mx.strict.example");
        scene.submit("x@strict.example");
        outside.relay();
        scene.awaitReply("x@strict.example", "(DANE) matches its certificate");
        assertThat(remote.received()).isEmpty();
        change("UPDATE mta_sts_policy SET mx = '{mx.elsewhere.example}'");
        remote.withTls(own);
        outside.drained();
        assertThat(remote.received()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "1, 0, 0", "0, 8192, 0"})
    @DisplayName(
            "§3.3, MAX_BYTES: a policy of 64 KB holds, one of a byte more is none, nor one behind a header of 8 KB and more")
    void boundOfThePolicy(int beyond, int header, int kept) {
        padding.set("x".repeat(header));
        var remote = outside.domain("strict.example", "127.0.0.2").withTls(CERTIFICATES);
        announce("enforce", "mx.strict.example");
        policy.set(policy.get() + "padding: ");
        policy.set(policy.get() + "x".repeat((64 << 10) - policy.get().length() + beyond));
        scene.submit("x@strict.example");
        outside.relay();
        outside.drained();
        assertThat(remote.received()).hasSize(1);
        assertThat(policies("enforce")).isEqualTo(kept);
    }

    @Test
    @DisplayName("RFC 8689 §4.2.1: REQUIRETLS goes on, to a verified host that the policy names and that offers it")
    void requireTls() {
        var remote = outside.domain("strict.example", "127.0.0.2")
                .withTls(CERTIFICATES)
                .offering("STARTTLS", "REQUIRETLS");
        announce("testing", "mx.strict.example");
        scene.submit(Map.of("REQUIRETLS", ""), "x@strict.example");
        scene.submit("x@strict.example");
        outside.relay();
        outside.drained();
        assertThat(remote.received()).extracting(SmtpSink.Received::mail).contains("<ann@example.org> REQUIRETLS");
    }
}
