package org.postern.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.model.Domain;

/** The certificate of a first start. */
final class SelfSignedTest {
    private static final Domain HOST = new Domain("mail.example.org");
    private static final InstantSource NOW = InstantSource.fixed(Instant.parse("2026-11-21T10:00:00Z"));

    @TempDir
    private Path folder;

    @Test
    void isMadeOnceWithTheNamesOfTheHost() throws Exception {
        var made = make(HOST, NOW);
        assertThat(made.madeNow()).isTrue();
        assertThat(made(made).getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("mail.example.org", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(made(made).getPublicKey().getAlgorithm()).isEqualTo("EC");
        assertThat(made(made).getNotBefore().toInstant()).isBefore(NOW.instant());
        made(made).verify(made(made).getPublicKey());

        var again = make(HOST, NOW);
        assertThat(again.madeNow()).isFalse();
        assertThat(made(again)).isEqualTo(made(made));
    }

    @Test
    void theKeyIsForTheOwnerAlone() throws Exception {
        var permissions = Files.getPosixFilePermissions(make(HOST, NOW).key());
        assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
    }

    @Test
    void anotherNameOrOldAgeMakesANewOne() throws Exception {
        make(HOST, NOW);
        assertThat(make(new Domain("other.example.org"), NOW).madeNow()).isTrue();
        var later = InstantSource.fixed(Instant.parse("2029-01-25T10:00:00Z"));
        assertThat(make(new Domain("other.example.org"), later).madeNow()).isTrue();
    }

    @Test
    void aBrokenFileIsReplaced() throws Exception {
        var first = make(HOST, NOW);
        Files.writeString(first.chain(), "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n");
        assertThat(make(HOST, NOW).madeNow()).isTrue();
    }

    @Test
    void aHostNameLongerThanACommonNameFits() throws Exception {
        var host = new Domain("a".repeat(60) + "." + "b".repeat(60) + ".example");
        assertThat(make(host, NOW).madeNow()).isTrue();
    }

    private SelfSigned make(Domain host, InstantSource clock) throws IOException {
        return SelfSigned.in(folder.resolve("tls"), host, clock, new SecureRandom());
    }

    private static X509Certificate made(SelfSigned own) throws Exception {
        try (var in = Files.newInputStream(own.chain())) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
