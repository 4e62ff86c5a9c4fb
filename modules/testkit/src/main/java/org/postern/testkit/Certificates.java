package org.postern.testkit;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate, self-signed and with an EC P-256 key unless it says otherwise, and its key, as PEM files (RFC 7468; the key is PKCS #8) and as objects.
 *
 * @param certificateFile the chain, one certificate
 * @param keyFile readable by its owner only
 */
public record Certificates(Path certificateFile, Path keyFile, X509Certificate certificate, PrivateKey key) {
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Valid from yesterday for a month, in a new temporary directory that goes when the JVM ends. */
    public static Certificates selfSigned(String... names) {
        try {
            var directory = Files.createTempDirectory("postern-certificates-");
            var made = selfSignedIn(directory, names);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made, directory)));
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Likewise, with an RSA key of 1,024 bits, which is made sooner than one that is any good. */
    public static Certificates selfSignedRsa(Path directory, String... names) {
        var now = Instant.now();
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(1024, RANDOM);
            var keys = generator.generateKeyPair();
            return make(
                    directory,
                    now.minus(Duration.ofDays(1)),
                    now.plus(Duration.ofDays(30)),
                    keys,
                    Optional.empty(),
                    names);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no RSA", e);
        }
    }

    /** Writes {@code certificate.pem} and {@code key.pem} into {@code directory}, replacing what is there. */
    public static Certificates selfSignedIn(Path directory, String... names) {
        var now = Instant.now();
        return make(directory, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(30)), names);
    }

    /** @param names host names, wildcards or IP address literals; the first becomes the common name */
    public static Certificates make(Path directory, Instant from, Instant to, String... names) {
        return make(directory, from, to, newKeys(), Optional.empty(), names);
    }

    /** By an authority, valid from yesterday for a month, for servers and clients. */
    static Certificates issued(Path directory, CertificateAuthority authority, String... names) {
        var now = Instant.now();
        return make(
                directory,
                now.minus(Duration.ofDays(1)),
                now.plus(Duration.ofDays(30)),
                newKeys(),
                Optional.of(authority),
                names);
    }

    private static Certificates make(
            Path directory,
            Instant from,
            Instant to,
            KeyPair keys,
            Optional<CertificateAuthority> authority,
            String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("a certificate needs a name");
        }
        try {
            var subject = new X500NameBuilder().addRDN(BCStyle.CN, names[0]).build();
            var issuer = authority.map(CertificateAuthority::name).orElse(subject);
            var usages = authority.isEmpty()
                    ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth}
                    : new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            var builder = new JcaX509v3CertificateBuilder(
                            issuer,
                            new BigInteger(127, RANDOM).setBit(126),
                            Date.from(from),
                            Date.from(to),
                            subject,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usages))
                    .addExtension(Extension.subjectAlternativeName, false, alternatives(names));
            var signing = authority.map(CertificateAuthority::key).orElse(keys.getPrivate());
            var certificate = new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(
                                    signing.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA")
                            .build(signing)));
            var made = new Certificates(
                    directory.resolve("certificate.pem"), directory.resolve("key.pem"), certificate, keys.getPrivate());
            made.write();
            return made;
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    static KeyPair newKeys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no EC P-256", e);
        }
    }

    static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** TLS of a server with that certificate, and those of authorities behind it. */
    public SSLContext serverContext(X509Certificate... authorities) {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keyManagers(authorities), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who shows the certificate, as a server or as a client. */
    public KeyManager[] keyManagers(X509Certificate... authorities) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var chain = Stream.concat(Stream.of(certificate), Stream.of(authorities))
                    .toArray(X509Certificate[]::new);
            store.setKeyEntry("key", key, new char[0], chain);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            return keys.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts this certificate and key in the place of others, as a renewal would: each file is replaced at once. */
    public void copyTo(Path certificateTarget, Path keyTarget) {
        try {
            replace(keyFile, keyTarget);
            replace(certificateFile, certificateTarget);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void replace(Path from, Path to) throws IOException {
        var fresh = to.resolveSibling(to.getFileName() + ".new");
        Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void delete(Certificates made, Path directory) {
        try {
            Files.deleteIfExists(made.certificateFile);
            Files.deleteIfExists(made.keyFile);
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            // Whatever a test put beside them stays, for its author to find.
            System.getLogger(Certificates.class.getName()).log(System.Logger.Level.DEBUG, "left behind", e);
        }
    }

    private static GeneralNames alternatives(String[] names) {
        return new GeneralNames(Arrays.stream(names)
                .map(name -> new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new));
    }

    private static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private void write() {
        try {
            Files.writeString(certificateFile, pem(certificate));
            Files.deleteIfExists(keyFile);
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyFile, pem(new JcaPKCS8Generator(key, null)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
