package org.postern.net;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.postern.model.Domain;

/**
 * Who may connect to a port: clients that show a certificate by one of these authorities, with one of these names as a DNS name of its
 * subjectAltName (RFC 9525 §2). All others end in their handshake.
 */
public record KnownPeers(List<X509Certificate> authorities, Set<Domain> names) {
    private static final int DNS_NAME = 2;

    public KnownPeers {
        authorities = List.copyOf(authorities);
        names = Set.copyOf(names);
        if (authorities.isEmpty() || names.isEmpty()) {
            throw new IllegalArgumentException("known peers need an authority and a name");
        }
    }

    /** Whom a handshake believes. */
    TrustManager trust() {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < authorities.size(); i++) {
                store.setCertificateEntry("authority-" + i, authorities.get(i));
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return Arrays.stream(trust.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .map(Named::new)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("this JDK verifies no X.509"));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private void checkName(X509Certificate[] chain) throws CertificateException {
        var alternatives = chain[0].getSubjectAlternativeNames();
        boolean isKnown = alternatives != null
                && alternatives.stream()
                        .filter(each -> each.get(0).equals(DNS_NAME))
                        .anyMatch(each -> isOneOfThem((String) each.get(1)));
        if (!isKnown) {
            throw new CertificateException("no name of " + chain[0].getSubjectX500Principal() + " is a known peer's");
        }
    }

    private boolean isOneOfThem(String name) {
        return names.stream().anyMatch(known -> known.name().equals(name.toLowerCase(Locale.ROOT)));
    }

    /** An authority's word, and then the name. */
    private final class Named extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager authority;

        Named(X509ExtendedTrustManager authority) {
            this.authority = authority;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            authority.checkClientTrusted(chain, type, engine);
            checkName(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            authority.checkClientTrusted(chain, type, socket);
            checkName(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            authority.checkClientTrusted(chain, type);
            checkName(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw notForServers();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw notForServers();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw notForServers();
        }

        private static CertificateException notForServers() {
            return new CertificateException("known peers are clients");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authority.getAcceptedIssuers();
        }
    }
}
