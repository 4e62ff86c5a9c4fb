package org.postern.delivery.relay.client;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS as a client: with who has the certificate that is demanded, or, where nobody demands one, with whoever is there. */
public final class ClientTls {
    private final SSLContext verifying;
    private final SSLContext anybody;

    private ClientTls(SSLContext verifying, SSLContext anybody) {
        this.verifying = verifying;
        this.anybody = anybody;
    }

    /** @param authorities whose certificates are believed; empty: those that the JDK knows */
    public static ClientTls trusting(Optional<Collection<X509Certificate>> authorities, SecureRandom random) {
        try {
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities.isPresent() ? store(authorities.get()) : null);
            return new ClientTls(
                    context(trust.getTrustManagers(), random), context(new TrustManager[] {new Anybody()}, random));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private static KeyStore store(Collection<X509Certificate> certificates)
            throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (var certificate : certificates) {
            store.setCertificateEntry("authority-" + number++, certificate);
        }
        return store;
    }

    private static SSLContext context(TrustManager[] managers, SecureRandom random) throws GeneralSecurityException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers, random);
        return context;
    }

    /**
     * Does the handshake over the connected socket.
     *
     * @param host whose name the certificate must have, where authorities are trusted
     * @throws SSLPeerUnverifiedException among others: the certificate is none that will do
     */
    public SSLSocket over(Socket socket, String host, Trust trust) throws IOException {
        return switch (trust) {
            case Trust.Anybody whoever -> shaken(secured(socket, host, anybody));
            case Trust.Authorities authorities -> {
                var secured = secured(socket, host, verifying);
                var parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125 names, as RFC 8461 §4.1 wants them.
                secured.setSSLParameters(parameters);
                yield shaken(secured);
            }
            case Trust.Dane(var policy) -> {
                var secured = shaken(secured(socket, policy.server(), anybody));
                var objection = policy.objection(chain(secured.getSession()));
                if (objection.isPresent()) {
                    throw new SSLPeerUnverifiedException(objection.get());
                }
                yield secured;
            }
        };
    }

    private static SSLSocket secured(Socket socket, String name, SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(socket, name, socket.getPort(), true);
    }

    private static SSLSocket shaken(SSLSocket secured) throws IOException {
        secured.startHandshake();
        return secured;
    }

    private static List<X509Certificate> chain(SSLSession session) throws SSLPeerUnverifiedException {
        return Stream.of(session.getPeerCertificates())
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** For who does not look, or looks when the handshake is done. */
    private static final class Anybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
