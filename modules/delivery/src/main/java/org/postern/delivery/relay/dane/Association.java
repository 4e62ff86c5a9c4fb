package org.postern.delivery.relay.dane;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.dns.Dns.Tlsa;

/**
 * A TLSA record that SMTP can use: the certificate, or the key, that must be met (RFC 6698 §2.1, RFC 7218 for the names).
 *
 * @param data in lower-case hexadecimal
 */
record Association(Usage usage, Selector selector, Matching matching, String data) {
    /** Of the data of one record: a certificate, whole, has one or two thousand. */
    static final int MAX_BYTES = 8 * 1024;

    private static final int FIRST_USAGE = 2;

    /** PKIX-TA(0) and PKIX-EE(1) cannot be used between hosts (RFC 7672 §3.1.3). */
    enum Usage {
        /** An authority of the domain's own choice has issued the certificate. */
        DANE_TA,
        /** The certificate is this very one, whatever names and dates it has (RFC 7672 §3.1.1). */
        DANE_EE
    }

    enum Selector {
        CERTIFICATE,
        PUBLIC_KEY;

        private byte[] of(X509Certificate certificate) throws CertificateEncodingException {
            return switch (this) {
                case CERTIFICATE -> certificate.getEncoded();
                case PUBLIC_KEY -> certificate.getPublicKey().getEncoded();
            };
        }
    }

    enum Matching {
        WHOLE(0),
        SHA_256(32),
        SHA_512(64);

        private final int bytes;

        Matching(int bytes) {
            this.bytes = bytes;
        }

        private boolean takes(int length) {
            return this == WHOLE ? length > 0 && length <= MAX_BYTES : length == bytes;
        }

        private byte[] of(byte[] selected) throws GeneralSecurityException {
            return switch (this) {
                case WHOLE -> selected;
                case SHA_256 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case SHA_512 -> MessageDigest.getInstance("SHA-512").digest(selected);
            };
        }
    }

    /** Empty for what is unusable: numbers that have no meaning for SMTP, and data that cannot be what it should. */
    static Optional<Association> of(Tlsa record) {
        var usage = numbered(Usage.values(), record.usage() - FIRST_USAGE);
        var selector = numbered(Selector.values(), record.selector());
        var matching = numbered(Matching.values(), record.matching())
                .filter(each -> each.takes(record.data().length() / 2));
        return usage.isPresent() && selector.isPresent() && matching.isPresent()
                ? Optional.of(new Association(
                        usage.get(),
                        selector.get(),
                        matching.get(),
                        record.data().toLowerCase(Locale.ROOT)))
                : Optional.empty();
    }

    private static <T> Optional<T> numbered(T[] all, int number) {
        return number >= 0 && number < all.length ? Optional.of(all[number]) : Optional.empty();
    }

    boolean matches(X509Certificate certificate) {
        try {
            return HexFormat.of()
                    .formatHex(matching.of(selector.of(certificate)))
                    .equals(data);
        } catch (GeneralSecurityException e) {
            return false; // A certificate that has no encoding is none that a record could mean.
        }
    }

    /** The certificate that the record is, if it is one: of an authority, which the host need not send then (RFC 7672 §3.1.2). */
    Optional<X509Certificate> certificate() {
        if (selector != Selector.CERTIFICATE || matching != Matching.WHOLE) {
            return Optional.empty();
        }
        try {
            var bytes = new ByteArrayInputStream(HexFormat.of().parseHex(data));
            return Optional.of(
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(bytes));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }
}
