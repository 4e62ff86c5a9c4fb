package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.delivery.relay.client.Security;
import org.postern.testkit.CertificateAuthority;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpSink;

@DisplayName("RFC 7672: DANE for SMTP")
class DaneTest {
    private static final Certificates RIGHT = Certificates.selfSigned("whatever.example");
    private static final Certificates WRONG = Certificates.selfSigned("mx.strict.example");

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(10);

    @TempDir
    private Path files;

    @AutoClose
    private final Scene scene = new Scene(SCRATCH);

    private final Outside outside = scene.outside;

    /** SHA-256 of the public key: what nearly everybody publishes (RFC 7672 §3.1). */
    private static String keyDigest(X509Certificate certificate) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(certificate.getPublicKey().getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A domain in a signed zone, with one mail host there. */
    private SmtpSink signed(String domain, String address) {
        outside.dns.sign(domain);
        return outside.domain(domain, address);
    }

    private double connections(String tls) {
        return scene.post
                .meters
                .get("postern.relay.connections")
                .tag("outcome", "open")
                .tag("tls", tls)
                .counter()
                .count();
    }

    private static void assertNothingIn(SmtpSink sink) {
        assertThat(sink.received()).isEmpty();
        assertThat(sink.commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    @DisplayName("§3.1.1: the key that a record names, whatever names and dates the certificate has; EC and RSA")
    void endEntity() throws Exception {
        var now = Instant.now();
        var expired = Certificates.make(
                files, now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(8)), "somebody.example");
        var rsa = Certificates.selfSignedRsa(Files.createDirectory(files.resolve("rsa")), "somebody.example");
        var one = signed("ec.example", "127.0.0.2").withTls(expired);
        var two = signed("rsa.example", "127.0.0.3").withTls(rsa);
        outside.tlsa("mx.ec.example", 3, 1, 1, keyDigest(WRONG.certificate()));
        outside.tlsa("mx.ec.example", 3, 1, 1, keyDigest(expired.certificate()));
        outside.tlsa("mx.rsa.example", 3, 1, 1, keyDigest(rsa.certificate()));
        scene.submit("x@ec.example", "x@rsa.example");
        outside.relay();
        outside.drained();
        assertThat(one.received()).extracting(SmtpSink.Received::secured).containsExactly(true);
        assertThat(two.received()).extracting(SmtpSink.Received::secured).containsExactly(true);
        assertThat(connections("dane")).isEqualTo(2);
    }

    @Test
    @DisplayName("§3.1.2: an authority of the domain's own, and one of the domain's names in the certificate")
    void trustAnchor() {
        var authority = CertificateAuthority.in(files, "Own Authority");
        var other = CertificateAuthority.in(files.resolve("other"), "Other Authority");
        var named =
                signed("named.example", "127.0.0.2").withTls(authority.issue("named.example"), authority.certificate());
        var unnamed = signed("unnamed.example", "127.0.0.3")
                .withTls(authority.issue("mx.named.example"), authority.certificate());
        var foreign =
                signed("foreign.example", "127.0.0.4").withTls(other.issue("mx.foreign.example"), other.certificate());
        for (var domain : new String[] {"named.example", "unnamed.example", "foreign.example"}) {
            outside.tlsa("mx." + domain, 2, 1, 1, keyDigest(authority.certificate()));
            scene.submit("x@" + domain);
        }
        outside.relay();
        scene.awaitReply("x@unnamed.example", "454 4.7.5 No TLS with mx.unnamed.example");
        scene.awaitReply("x@foreign.example", "454 4.7.5 No TLS with mx.foreign.example");
        scene.awaitReply("x@named.example", "gone");
        assertThat(named.received()).hasSize(1);
        assertNothingIn(unnamed);
        assertNothingIn(foreign);
    }

    @Test
    @DisplayName(
            "§2.1.2, §2.2: another certificate, no TLS, records that cannot be found: it waits, and nothing goes out in clear")
    void refused() {
        var swapped = signed("swapped.example", "127.0.0.2").withTls(WRONG);
        var stripped = signed("stripped.example", "127.0.0.3");
        var broken = signed("broken.example", "127.0.0.4").offering("STARTTLS").answering("STARTTLS", "220 go ahead");
        var refusing =
                signed("refusing.example", "127.0.0.5").offering("STARTTLS").answering("STARTTLS", "502 5.5.1 no");
        var unknown = signed("unknown.example", "127.0.0.6").withTls(RIGHT);
        for (var domain : new String[] {"swapped", "stripped", "broken", "refusing"}) {
            outside.tlsa("mx." + domain + ".example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        }
        outside.dns.fail(outside.tlsaName("mx.unknown.example"));
        for (var domain : new String[] {"swapped", "stripped", "broken", "refusing", "unknown"}) {
            scene.submit("x@" + domain + ".example");
        }
        outside.relay();
        scene.awaitReply("x@swapped.example", "(DANE) matches its certificate");
        scene.awaitReply("x@stripped.example", "454 4.7.4 mx.stripped.example offers no TLS, which is required");
        scene.awaitReply("x@broken.example", "454 4.7.5 No TLS with mx.broken.example");
        scene.awaitReply("x@refusing.example", "454 4.7.4 mx.refusing.example refuses TLS, which is required");
        scene.awaitReply("x@unknown.example", "451 4.4.3 The TLSA records of mx.unknown.example cannot be found");
        for (var sink : new SmtpSink[] {swapped, stripped, broken, refusing, unknown}) {
            assertNothingIn(sink);
        }
        assertThat(unknown.connections()).isZero();

        swapped.withTls(RIGHT);
        stripped.withTls(RIGHT);
        scene.awaitReply("x@swapped.example", "gone");
        scene.awaitReply("x@stripped.example", "gone");
        scene.post.database.transact(tx -> tx.update("UPDATE queue SET expires_at = clock_timestamp()"));
        scene.awaitMail(3);
        assertThat(String.join("", scene.post.inbox(scene.ann)))
                .contains("Diagnostic-Code: smtp; 454 4.7.4 mx.refusing.example refuses TLS, which is required");
    }

    @Test
    @DisplayName("§2.2, §3.1.3: records that SMTP cannot use still promise TLS, with whoever")
    void unusable() {
        var remote = signed("public.example", "127.0.0.2").withTls(WRONG);
        var stripped = signed("stripped.example", "127.0.0.3");
        for (var domain : new String[] {"public.example", "stripped.example"}) {
            outside.tlsa("mx." + domain, 1, 1, 1, keyDigest(RIGHT.certificate()));
            outside.tlsa("mx." + domain, 3, 1, 1, "00");
            scene.submit("x@" + domain);
        }
        outside.relay();
        scene.awaitReply("x@stripped.example", "offers no TLS, which is required");
        scene.awaitReply("x@public.example", "gone");
        assertThat(remote.received()).extracting(SmtpSink.Received::secured).containsExactly(true);
        assertNothingIn(stripped);
        assertThat(connections("opportunistic")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "§2.1.1: without DNSSEC records count for nothing: where neither is signed, not the host, not the domain that names it")
    void unproven() {
        outside.domain("unsigned.example", "127.0.0.2").withTls(WRONG);
        outside.dns.sign("half.example").mx("half.example", 10, "mx.unsigned.example");
        outside.tlsa("mx.unsigned.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        signed("signed.example", "127.0.0.3").withTls(WRONG);
        outside.tlsa("mx.signed.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        outside.dns.mx("hosted.example", 10, "mx.signed.example");
        scene.submit("x@unsigned.example", "x@half.example", "x@hosted.example");
        outside.relay();
        outside.drained();
        assertThat(outside.dns.asked()).noneMatch(question -> question.endsWith("TLSA"));
        assertThat(connections("opportunistic")).isEqualTo(3);
    }

    @Test
    @DisplayName("what a name server says of DNSSEC is believed only where the operator says so")
    void distrusted() {
        signed("strict.example", "127.0.0.2").withTls(WRONG);
        outside.tlsa("mx.strict.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        outside.trustingDns(false);
        scene.submit("x@strict.example");
        outside.relay();
        outside.drained();
        assertThat(connections("opportunistic")).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "§2.1.3, §2.2.3: the records of what the host is an alias of; of the alias itself where only that is proven")
    void aliases() {
        var cloud = outside.host("host.cloud.example", "127.0.0.2").withTls(RIGHT);
        var plain = outside.host("host.plain.example", "127.0.0.3").withTls(RIGHT);
        outside.dns.sign("cloud.example").sign("one.example").sign("two.example");
        outside.dns.mx("one.example", 10, "mx.one.example").cname("mx.one.example", "host.cloud.example");
        outside.dns.mx("two.example", 10, "mx.two.example").cname("mx.two.example", "host.plain.example");
        outside.tlsa("host.cloud.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        outside.tlsa("mx.one.example", 3, 1, 1, keyDigest(WRONG.certificate()));
        outside.tlsa("mx.two.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        scene.submit("x@one.example", "x@two.example");
        outside.relay();
        outside.drained();
        assertThat(cloud.received()).hasSize(1);
        assertThat(plain.received()).hasSize(1);
        assertThat(connections("dane")).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "§2.2: each host by its own records: the next one is tried where the first is not the one that it should be")
    void nextHost() {
        outside.dns.sign("remote.example").mx("remote.example", 10, "a.remote.example");
        outside.dns.mx("remote.example", 20, "b.remote.example");
        var first = outside.host("a.remote.example", "127.0.0.2").withTls(WRONG);
        var second = outside.host("b.remote.example", "127.0.0.3").withTls(RIGHT);
        outside.tlsa("a.remote.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        outside.tlsa("b.remote.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        scene.submit("x@remote.example");
        outside.relay();
        outside.drained();
        assertNothingIn(first);
        assertThat(second.received()).hasSize(1);
    }

    @Test
    @DisplayName(
            "RFC 8689 §4.2.1: REQUIRETLS to any host that offers it, by DANE, or by an authority where DNSSEC names it; else it comes back")
    void requireTls() {
        outside.dns.mx("dane.example", 5, "old.dane.example");
        outside.host("old.dane.example", "127.0.0.5").withTls(RIGHT);
        outside.tlsa("old.dane.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        var dane = signed("dane.example", "127.0.0.2").withTls(RIGHT).offering("STARTTLS", "REQUIRETLS");
        outside.tlsa("mx.dane.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        var known = signed("known.example", "127.0.0.3")
                .withTls(Certificates.selfSigned("mx.known.example"))
                .offering("STARTTLS", "REQUIRETLS");
        var unsigned =
                outside.domain("unsigned.example", "127.0.0.4").withTls(WRONG).offering("STARTTLS", "REQUIRETLS");
        scene.submit(Map.of("REQUIRETLS", ""), "x@dane.example", "x@known.example", "x@unsigned.example");
        outside.relay();
        scene.awaitReply("x@dane.example", "gone");
        scene.awaitReply("x@known.example", "454 4.7.5 No TLS with mx.known.example");
        scene.awaitMail(1);
        assertThat(scene.post.inbox(scene.ann).getFirst())
                .contains("Final-Recipient: rfc822; x@unsigned.example\r\nAction: failed\r\nStatus: 5.7.10\r\n");
        assertThat(dane.received()).extracting(SmtpSink.Received::mail).containsExactly("<ann@example.org> REQUIRETLS");
        assertThat(known.received()).isEmpty();
        assertThat(unsigned.connections()).isZero();
    }

    @Test
    @DisplayName("where the operator demands verified TLS of everybody, DANE is as good")
    void operator() {
        var dane = signed("dane.example", "127.0.0.2").withTls(RIGHT);
        outside.tlsa("mx.dane.example", 3, 1, 1, keyDigest(RIGHT.certificate()));
        signed("known.example", "127.0.0.3").withTls(WRONG);
        outside.security(Security.STARTTLS);
        scene.submit("x@dane.example", "x@known.example");
        outside.relay();
        scene.awaitReply("x@known.example", "454 4.7.5 No TLS with mx.known.example");
        scene.awaitReply("x@dane.example", "gone");
        assertThat(dane.received()).hasSize(1);
    }
}
