package org.postern.delivery.relay.dane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.Dns.Tlsa;
import org.postern.delivery.dns.DnsSettings;
import org.postern.testkit.CertificateAuthority;
import org.postern.testkit.Certificates;
import org.postern.testkit.FakeDns;

@DisplayName("RFC 6698, RFC 7671, RFC 7672 §3: TLSA records and certificates")
class DanePolicyTest {
    private static final X509Certificate RIGHT =
            Certificates.selfSigned("mx.example.net").certificate();
    private static final X509Certificate WRONG =
            Certificates.selfSigned("mx.example.net").certificate();

    @TempDir
    private Path files;

    @AutoClose
    private final FakeDns names = new FakeDns();

    private static String data(X509Certificate certificate, int selector, int matching) {
        try {
            var selected = selector == 0
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            return HexFormat.of()
                    .formatHex(
                            switch (matching) {
                                case 0 -> selected;
                                case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
                                default -> MessageDigest.getInstance("SHA-512").digest(selected);
                            });
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static DanePolicy policy(Tlsa... records) {
        var usable = Stream.of(records).map(Association::of).flatMap(Optional::stream);
        return new DanePolicy("mx.example.net", List.of("mx.example.net", "example.net"), usable.toList());
    }

    private static boolean takes(DanePolicy policy, X509Certificate... chain) {
        return policy.objection(List.of(chain)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"})
    @DisplayName("DANE-EE: certificate or key, whole or digested, in capitals too; nobody else's")
    void endEntity(int selector, int matching) {
        var policy = policy(new Tlsa(3, selector, matching, data(RIGHT, selector, matching)));
        assertThat(policy.authenticates()).isTrue();
        assertThat(takes(policy, RIGHT)).isTrue();
        assertThat(takes(policy, WRONG)).isFalse();
        assertThat(takes(policy, WRONG, RIGHT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"})
    @DisplayName("DANE-TA: an authority that the host sends; whole, it need not")
    void trustAnchor(int selector, int matching) {
        var authority = CertificateAuthority.in(files, "Authority");
        var own = authority.issue("mx.example.net").certificate();
        var policy = policy(new Tlsa(2, selector, matching, data(authority.certificate(), selector, matching)));
        assertThat(takes(policy, own, authority.certificate())).isTrue();
        assertThat(takes(policy, own, RIGHT, authority.certificate())).isTrue();
        assertThat(takes(policy, own)).isEqualTo(selector == 0 && matching == 0);
        assertThat(takes(policy, RIGHT, authority.certificate())).isFalse();
        assertThat(takes(policy, authority.certificate())).isFalse();
    }

    @Test
    @DisplayName("§3.2.3: DANE-TA wants one of the names, wildcards of one label, and a certificate of these days")
    void names() {
        var authority = CertificateAuthority.in(files, "Authority");
        var policy = policy(new Tlsa(2, 0, 1, data(authority.certificate(), 0, 1)));
        assertThat(takes(policy, authority.issue("EXAMPLE.net").certificate(), authority.certificate()))
                .isTrue();
        assertThat(takes(policy, authority.issue("x.test", "*.example.net").certificate(), authority.certificate()))
                .isTrue();
        for (var other :
                new String[] {"*.net", "*", "m*.example.net", "a.mx.example.net", "example.net.test", "192.0.2.1"}) {
            assertThat(takes(policy, authority.issue(other).certificate(), authority.certificate()))
                    .as(other)
                    .isFalse();
        }
    }

    @Test
    @DisplayName("unusable: other usages, selectors and digests, digests of another length, data beyond MAX_BYTES")
    void unusable() {
        var digest = data(RIGHT, 1, 1);
        for (var record : List.of(
                new Tlsa(0, 1, 1, digest),
                new Tlsa(1, 1, 1, digest),
                new Tlsa(4, 1, 1, digest),
                new Tlsa(255, 1, 1, digest),
                new Tlsa(3, 2, 1, digest),
                new Tlsa(3, 1, 3, digest),
                new Tlsa(3, 1, 1, ""),
                new Tlsa(3, 1, 0, ""),
                new Tlsa(3, 1, 1, digest + "00"),
                new Tlsa(3, 1, 2, digest),
                new Tlsa(3, 1, 0, "00".repeat(Association.MAX_BYTES + 1)))) {
            assertThat(policy(record).authenticates()).as(record.toString()).isFalse();
            assertThat(takes(policy(record), WRONG)).isTrue();
        }
        assertThat(policy(new Tlsa(3, 1, 0, "00".repeat(Association.MAX_BYTES))).authenticates())
                .isTrue();
    }

    @Test
    @DisplayName("whatever data a record has: no exception, and no match by chance")
    void anything() {
        var random = new Random(7_672);
        for (int round = 0; round < 2_000; round++) {
            var bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            var policy = policy(new Tlsa(
                    random.nextInt(5),
                    random.nextInt(3),
                    random.nextInt(4),
                    HexFormat.of().formatHex(bytes)));
            assertThat(takes(policy, RIGHT, WRONG)).isEqualTo(!policy.authenticates());
        }
    }

    @Test
    @DisplayName("MAX_RECORDS: one more, and nothing is sent")
    void boundOfRecords() {
        names.sign("example.net").host("mx.example.net", "192.0.2.1");
        IntStream.range(0, Dane.MAX_RECORDS).forEach(i -> publish(i));
        assertThat(find())
                .isInstanceOfSatisfying(
                        Dane.Finding.Demanded.class,
                        found -> assertThat(found.policy().usable()).hasSize(Dane.MAX_RECORDS));
        publish(Dane.MAX_RECORDS);
        assertThat(find()).isEqualTo(new Dane.Finding.Unknown("mx.example.net has more than 50 TLSA records"));
    }

    private void publish(int number) {
        names.tlsa("_25._tcp.mx.example.net", 3, 1, 0, String.format("%02x", number));
    }

    /** As a node that was just started. */
    private Dane.Finding find() {
        var dns = new Dns(DnsSettings.DEFAULT.asking(List.of(names.address())).trustingAd(true));
        var addresses = dns.securedAddresses("mx.example.net");
        assertThat(addresses.answer()).isInstanceOf(Answer.Found.class);
        return new Dane(dns).of("mx.example.net", 25, addresses, List.of("example.net"));
    }
}
