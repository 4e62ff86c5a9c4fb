package org.postern.delivery.relay.dane;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** A way from a host's certificate up to an authority (RFC 5280 §6): signatures, dates, and what each certificate is for. */
final class CertificatePath {
    /** {@code id-kp-serverAuth} (RFC 5280 §4.2.1.12). */
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    private CertificatePath() {}

    /**
     * Whether there is one.
     *
     * @param chain what the host sent, its own certificate first, the rest in any order
     */
    static boolean leads(List<X509Certificate> chain, X509Certificate authority) {
        try {
            var own = new X509CertSelector();
            own.setCertificate(chain.getFirst());
            own.setExtendedKeyUsage(Set.of(SERVER));
            var parameters = new PKIXBuilderParameters(Set.of(new TrustAnchor(authority, null)), own);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            parameters.setRevocationEnabled(false); // Who published the record takes it back.
            return CertPathBuilder.getInstance("PKIX").build(parameters).getCertPath() != null;
        } catch (CertPathBuilderException e) {
            return false;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK builds no certificate paths", e);
        }
    }
}
