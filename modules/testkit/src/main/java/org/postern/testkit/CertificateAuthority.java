package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Who signs certificates of clients and servers.
 *
 * @param directory where its certificate is, {@code authority.pem}, and those that it issues
 */
public record CertificateAuthority(Path directory, X500Name name, X509Certificate certificate, PrivateKey key) {
    /** A new one, valid from yesterday for a month. */
    public static CertificateAuthority in(Path directory, String name) {
        try {
            var keys = Certificates.newKeys();
            var subject = new X500Name("CN=" + name);
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                            subject,
                            BigInteger.ONE,
                            Date.from(now.minus(Duration.ofDays(1))),
                            Date.from(now.plus(Duration.ofDays(30))),
                            subject,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            var certificate = new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("authority.pem"), Certificates.pem(certificate));
            return new CertificateAuthority(directory, subject, certificate, keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("cannot make an authority", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path file() {
        return directory.resolve("authority.pem");
    }

    /** For clients and servers of these names. */
    public Certificates issue(String... names) {
        try {
            return Certificates.issued(Files.createTempDirectory(directory, "issued-"), this, names);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
