package org.postern.delivery.relay.dane;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The host names in a certificate (RFC 7672 §3.2.3): those of the extension, or the common name where it has none. */
final class CertificateNames {
    /** {@code dNSName} of RFC 5280 §4.2.1.6. */
    private static final int DNS_NAME = 2;

    private CertificateNames() {}

    /** Whether the certificate is one for the name; {@code *} stands for the first label, the whole of it. */
    static boolean cover(X509Certificate certificate, String name) {
        var wanted = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        boolean wildcard = dot > 0 && wanted.indexOf('.', dot + 1) > 0; // Nobody has a whole top-level domain.
        return of(certificate).stream()
                .map(each -> each.toLowerCase(Locale.ROOT))
                .anyMatch(each -> each.equals(wanted) || (wildcard && each.equals('*' + wanted.substring(dot))));
    }

    private static List<String> of(X509Certificate certificate) {
        try {
            var alternatives = Optional.ofNullable(certificate.getSubjectAlternativeNames()).orElse(List.of()).stream()
                    .filter(each -> each.getFirst().equals(DNS_NAME))
                    .map(each -> (String) each.get(1))
                    .toList();
            return alternatives.isEmpty() ? commonName(certificate) : alternatives;
        } catch (CertificateParsingException | InvalidNameException e) {
            return List.of(); // Names that cannot be read prove nothing.
        }
    }

    private static List<String> commonName(X509Certificate certificate) throws InvalidNameException {
        return new LdapName(certificate.getSubjectX500Principal().getName())
                .getRdns().reversed().stream()
                        .filter(part -> part.getType().equalsIgnoreCase("CN"))
                        .map(part -> part.getValue().toString())
                        .limit(1)
                        .toList();
    }
}
