package org.postern.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;
import org.postern.model.Domain;

/**
 * A certificate of our own making (EC P-256, RFC 5280), for a server that was given none: mail apps warn about it until
 * somebody trusts it.
 *
 * @param madeNow whether this start made it
 */
public record SelfSigned(Path chain, Path key, boolean madeNow) {
    /** What clients accept at most from a certificate that they were told to trust. */
    private static final Duration VALIDITY = Duration.ofDays(825);
    /** A certificate with less left is replaced by the next start. */
    private static final Duration RENEWAL = Duration.ofDays(30);

    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final int SERIAL_BITS = 127;
    private static final int MAX_COMMON_NAME = 64;
    private static final int DNS_NAME = 2;

    /** The folder's certificate for the host; a new one where there is none, it soon expires, or it has another name. */
    public static SelfSigned in(Path folder, Domain hostname, InstantSource clock, SecureRandom random)
            throws IOException {
        var chain = folder.resolve("certificate.pem");
        var key = folder.resolve("key.pem");
        if (Files.exists(chain) && Files.exists(key) && isUsable(chain, hostname, clock)) {
            return new SelfSigned(chain, key, false);
        }
        Files.createDirectories(folder);
        try {
            var pair = keyPair(random);
            write(key, new JcaPKCS8Generator(pair.getPrivate(), null), "rw-------");
            write(chain, new JcaMiscPEMGenerator(certificate(pair, hostname, clock, random)), "rw-r--r--");
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate can be made: " + e.getMessage(), e);
        }
        return new SelfSigned(chain, key, true);
    }

    private static boolean isUsable(Path chain, Domain hostname, InstantSource clock) throws IOException {
        try (var in = Files.newInputStream(chain)) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            var soon = clock.instant().plus(RENEWAL);
            return certificate.getNotAfter().toInstant().isAfter(soon)
                    && names(certificate).contains(hostname.name());
        } catch (CertificateException e) {
            return false; // What cannot be read serves nobody: the next line of the caller makes a new one.
        }
    }

    private static List<String> names(X509Certificate certificate) throws CertificateException {
        var names = new ArrayList<String>();
        var alternatives = certificate.getSubjectAlternativeNames();
        for (var name : alternatives == null ? List.<List<?>>of() : alternatives) {
            if (Objects.equals(name.getFirst(), DNS_NAME)) {
                names.add(String.valueOf(name.get(1)));
            }
        }
        return names;
    }

    private static KeyPair keyPair(SecureRandom random) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(KeyPair pair, Domain hostname, InstantSource clock, SecureRandom random)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        var now = clock.instant();
        var builder = new JcaX509v3CertificateBuilder(
                subject(hostname),
                new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(VALIDITY)),
                subject(hostname),
                pair.getPublic());
        extend(builder, hostname);
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
        var encoded = builder.build(signer).getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    /** A common name holds 64 characters; the names that count are the alternative ones. */
    private static X500Name subject(Domain hostname) {
        var name = hostname.name().length() <= MAX_COMMON_NAME ? hostname.name() : "Postern";
        return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
    }

    private static void extend(JcaX509v3CertificateBuilder builder, Domain hostname) throws CertIOException {
        var names = new LinkedHashSet<>(List.of(hostname.name(), "localhost"))
                .stream()
                        .map(name -> new GeneralName(GeneralName.dNSName, name))
                        .collect(Collectors.toCollection(ArrayList::new));
        names.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
        names.add(new GeneralName(GeneralName.iPAddress, "::1"));
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    }

    /** Whole or not at all, and never readable for others while it is written. */
    private static void write(Path file, PemObjectGenerator object, String permissions) throws IOException {
        var text = new StringWriter();
        try (var pem = new PemWriter(text)) {
            pem.writeObject(object);
        }
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var next = Files.createTempFile(file.toAbsolutePath().getParent(), "new", ".pem", owner);
        Files.writeString(next, text.toString());
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString(permissions));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
