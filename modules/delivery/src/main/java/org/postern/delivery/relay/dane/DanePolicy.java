package org.postern.delivery.relay.dane;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a host's TLSA records demand of a connection to it: TLS in any case, and a certificate that one of those matches that can be used.
 *
 * @param server whom the handshake names: the base domain of the records (RFC 7672 §2.2.3)
 * @param names those of which a certificate by an authority of the domain's choice must have one (RFC 7672 §3.2.3)
 * @param usable none: whoever's certificate, for the records still promise TLS (RFC 7672 §2.2)
 */
public record DanePolicy(String server, List<String> names, List<Association> usable) {
    public DanePolicy {
        names = List.copyOf(names);
        usable = List.copyOf(usable);
    }

    /** Whether it tells the host from anybody else. */
    public boolean authenticates() {
        return !usable.isEmpty();
    }

    /**
     * Whether that is the host.
     *
     * @param chain as the host sent it, its own certificate first
     * @return what is wrong; empty: nothing
     */
    public Optional<String> objection(List<X509Certificate> chain) {
        if (!authenticates() || usable.stream().anyMatch(each -> isMet(each, chain))) {
            return Optional.empty();
        }
        return Optional.of("none of the TLSA records of " + server + " (DANE) matches its certificate");
    }

    private boolean isMet(Association association, List<X509Certificate> chain) {
        var own = chain.getFirst();
        return switch (association.usage()) {
            case DANE_EE -> association.matches(own);
            case DANE_TA ->
                names.stream().anyMatch(name -> CertificateNames.cover(own, name))
                        && authorities(association, chain)
                                .anyMatch(authority -> CertificatePath.leads(chain, authority));
        };
    }

    /** Those that the record means: among what the host sent, or the one that the record is. */
    private static Stream<X509Certificate> authorities(Association association, List<X509Certificate> chain) {
        return Stream.concat(chain.stream().skip(1).filter(association::matches), association.certificate().stream());
    }
}
