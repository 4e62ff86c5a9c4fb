package org.postern.net;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Optional;

/**
 * What a finished handshake agreed on.
 *
 * @param version as OpenSSL and the JDK name it: {@code TLSv1.3}
 * @param serverName the name that the client asked for (RFC 6066 §3), lower case
 * @param certificate the one we showed
 */
public record TlsDetails(String version, String cipher, Optional<String> serverName, X509Certificate certificate) {
    /**
     * The channel binding {@code tls-server-end-point} (RFC 5929 §4.1): the certificate's hash, by the algorithm that it is signed
     * with, but SHA-256 for MD5 and SHA-1. Undefined, and so empty, for signatures that use no one hash, such as Ed25519.
     */
    public Optional<byte[]> serverEndPoint() {
        var signature = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        int with = signature.indexOf("WITH");
        if (with < 0) {
            return Optional.empty();
        }
        var hash = switch (signature.substring(0, with)) {
            case "MD5", "SHA1", "SHA256" -> "SHA-256";
            case "SHA384" -> "SHA-384";
            case "SHA512" -> "SHA-512";
            default -> "";
        };
        return hash.isEmpty() ? Optional.empty() : Optional.of(hash(hash));
    }

    private byte[] hash(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }
}
