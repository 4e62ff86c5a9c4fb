package org.postern.net;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Certificates and how they are served.
 *
 * @param certificates the first is shown to clients that name no server, or one that none fits; each serves the names in
 *     its own subjectAltName
 * @param recheck how often the files are looked at for changes
 */
public record TlsSettings(Provider provider, List<CertificateFiles> certificates, Duration recheck) {
    /** How often certificate files are looked at when config says nothing. */
    public static final Duration RECHECK = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException without a certificate */
    public TlsSettings {
        certificates = List.copyOf(certificates);
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("TLS needs at least one certificate");
        }
    }

    /** Who does the cryptography. */
    public enum Provider {
        /** OpenSSL where its library loads, else the JDK. */
        AUTO,
        OPENSSL,
        JDK
    }

    /**
     * One certificate and its key, PEM (RFC 7468).
     *
     * @param chain the server's certificate first, then those that signed it
     * @param key unencrypted PKCS #8, PKCS #1 or SEC 1; may be the same file
     */
    public record CertificateFiles(Path chain, Path key) {}
}
