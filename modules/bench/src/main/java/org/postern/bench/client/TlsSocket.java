package org.postern.bench.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A TLS connection to a server of ours on loopback: a handshake in full each time, nothing is resumed. */
final class TlsSocket {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private TlsSocket() {}

    static Socket connect(int port) throws IOException {
        var socket = context().getSocketFactory().createSocket();
        socket.connect(address(port));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        return socket;
    }

    /** A connection below it, whose bytes one thread can wait for on many at once. */
    static SocketChannel channel(int port) throws IOException {
        var channel = SocketChannel.open(address(port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    /** TLS over a {@link #channel}, which has to be blocking while something is read or written. */
    static Socket over(SocketChannel channel) throws IOException {
        var below = channel.socket();
        return context()
                .getSocketFactory()
                .createSocket(below, below.getInetAddress().getHostAddress(), below.getPort(), true);
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** A new one has no sessions to resume. */
    private static SSLContext context() {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Anybody()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate was made a moment ago, for this. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
