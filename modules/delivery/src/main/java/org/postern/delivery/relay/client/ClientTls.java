package org.postern.delivery.relay.client;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS as a client: verified against known authorities, or, where nobody demands more, with whoever is there. */
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

    /** Does the handshake over the connected socket. */
    public SSLSocket over(Socket socket, String host, boolean verified) throws IOException {
        var factory = (verified ? verifying : anybody).getSocketFactory();
        var secured = (SSLSocket) factory.createSocket(socket, host, socket.getPort(), true);
        if (verified) {
            var parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 6125 names, as RFC 8461 §4.1 wants them.
            secured.setSSLParameters(parameters);
        }
        secured.startHandshake();
        return secured;
    }

    /** Opportunistic TLS (RFC 7435): against listeners, it needs no name; against anybody else it would not be plain either. */
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
