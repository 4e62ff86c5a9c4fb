package org.postern.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A blocking client socket for tests, in clear or in TLS, that trusts every certificate.
 *
 * <p>Text goes out as UTF-8 and comes in as UTF-8; reads fail after a timeout. I/O errors are thrown unchecked, so that
 * tests read as dialogues.
 */
public final class TlsClient implements AutoCloseable {
    /** Longer than any answer of a healthy server on a busy machine. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    /** A line longer than this is a bug of the server. */
    private static final int MAX_LINE = 1 << 20;

    private final Target target;
    private Socket socket;
    private InputStream in;
    private OutputStream out;

    private TlsClient(Target target, Socket socket) throws IOException {
        this.target = target;
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /** A server on this machine; finish with {@link Target#implicit()} or {@link Target#plain()}. */
    public static Target to(int port) {
        return new Target(
                new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                DEFAULT_TIMEOUT);
    }

    /**
     * Where and how to connect.
     *
     * @param from the local address to connect from, such as {@code 127.0.0.2}
     * @param sni the server name to ask for (RFC 6066 §3)
     * @param protocols of TLS, such as {@code TLSv1.2}; empty for the JDK's choice
     * @param preambles sent in clear before all else, such as a PROXY header
     * @param certificate the client's own, for a server that asks
     * @param timeout of connecting, of the handshake and of each read
     */
    public record Target(
            InetSocketAddress server,
            Optional<String> from,
            Optional<String> sni,
            List<String> protocols,
            List<byte[]> preambles,
            Optional<Certificates> certificate,
            Duration timeout) {

        /** @param host an address literal; without it {@code 127.0.0.1} */
        public Target host(String host) {
            var other = new InetSocketAddress(InetAddress.ofLiteral(host), server.getPort());
            return new Target(other, from, sni, protocols, preambles, certificate, timeout);
        }

        public Target from(String address) {
            return new Target(server, Optional.of(address), sni, protocols, preambles, certificate, timeout);
        }

        public Target sni(String name) {
            return new Target(server, from, Optional.of(name), protocols, preambles, certificate, timeout);
        }

        public Target protocols(String... versions) {
            return new Target(server, from, sni, List.of(versions), preambles, certificate, timeout);
        }

        public Target preamble(byte[] bytes) {
            return new Target(server, from, sni, protocols, List.of(bytes), certificate, timeout);
        }

        /** With a certificate of the client's own. */
        public Target showing(Certificates own) {
            return new Target(server, from, sni, protocols, preambles, Optional.of(own), timeout);
        }

        public Target timeout(Duration longest) {
            return new Target(server, from, sni, protocols, preambles, certificate, longest);
        }

        /** Connects and stays in clear. */
        public TlsClient plain() {
            try {
                var socket = new Socket();
                if (from.isPresent()) {
                    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from.get()), 0));
                }
                socket.connect(server, Math.toIntExact(timeout.toMillis()));
                socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
                socket.setTcpNoDelay(true);
                var client = new TlsClient(this, socket);
                preambles.forEach(client::send);
                return client;
            } catch (IOException e) {
                throw new UncheckedIOException("cannot connect to " + server, e);
            }
        }

        /** Connects and does the TLS handshake. */
        public TlsClient implicit() {
            return plain().startTls();
        }
    }

    /**
     * Does the TLS handshake on the open socket; what the server said in clear and was not read yet is an error.
     *
     * @throws UncheckedIOException when the handshake fails
     */
    public TlsClient startTls() {
        try {
            if (in.available() > 0) {
                throw new IllegalStateException("unread clear text before the handshake: " + readAvailable());
            }
            var factory = trustingContext(target.certificate()).getSocketFactory();
            var tls = (SSLSocket) factory.createSocket(
                    socket,
                    target.server().getAddress().getHostAddress(),
                    target.server().getPort(),
                    true);
            var parameters = tls.getSSLParameters();
            target.sni().ifPresent(name -> parameters.setServerNames(List.of(new SNIHostName(name))));
            if (!target.protocols().isEmpty()) {
                parameters.setProtocols(target.protocols().toArray(String[]::new));
            }
            tls.setSSLParameters(parameters);
            tls.startHandshake();
            socket = tls;
            in = new BufferedInputStream(tls.getInputStream());
            out = tls.getOutputStream();
            return this;
        } catch (IOException e) {
            close();
            throw new UncheckedIOException("no TLS handshake", e);
        }
    }

    /** Sends text as it stands, as UTF-8. */
    public TlsClient send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public TlsClient send(byte[] bytes) {
        return send(bytes, 0, bytes.length);
    }

    public TlsClient send(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send", e);
        }
    }

    /** Sends a line and CRLF. */
    public TlsClient sendLine(String line) {
        return send(line + "\r\n");
    }

    /**
     * The next line without its CRLF; a bare LF does not end a line.
     *
     * @throws UncheckedIOException at the end of the stream, or when nothing comes in time
     */
    public String readLine() {
        return new String(readLineBytes(), StandardCharsets.UTF_8);
    }

    /** The next line's bytes without its CRLF. */
    public byte[] readLineBytes() {
        var line = new ByteArrayOutputStream(128);
        try {
            int last = -1;
            while (true) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("the server closed after: " + line.toString(StandardCharsets.UTF_8));
                }
                if (next == '\n' && last == '\r') {
                    var bytes = line.toByteArray();
                    return Arrays.copyOf(bytes, bytes.length - 1);
                }
                line.write(next);
                last = next;
                if (line.size() > MAX_LINE) {
                    throw new IOException("a line of more than " + MAX_LINE + " bytes");
                }
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(
                    "nothing more came within " + timeoutMillis() + " ms after: "
                            + line.toString(StandardCharsets.UTF_8),
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines until one that starts with {@code prefix}, which is the last of the list. */
    public List<String> readUntil(String prefix) {
        var lines = new ArrayList<String>();
        do {
            lines.add(readLine());
        } while (!lines.getLast().startsWith(prefix));
        return lines;
    }

    /** Exactly {@code count} bytes. */
    public byte[] readExactly(int count) {
        try {
            var bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException("the server closed after " + bytes.length + " of " + count + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whatever can be read without waiting. */
    public String readAvailable() {
        try {
            return new String(in.readNBytes(in.available()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads on until the server closes; what came meanwhile. A reset counts as an end. */
    public String readToEnd() {
        var rest = new ByteArrayOutputStream();
        try {
            in.transferTo(rest);
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException(
                    "still open after " + timeoutMillis() + " ms, having said: "
                            + rest.toString(StandardCharsets.UTF_8),
                    e);
        } catch (SocketException | SSLException e) {
            // Reset, or closed without close_notify: gone either way.
            return rest.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    /** Sets the longest wait of each read from now on. */
    public TlsClient timeout(Duration longest) {
        try {
            socket.setSoTimeout(Math.toIntExact(longest.toMillis()));
            return this;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that no more will be sent, and still reads: a TCP half close, or close_notify. */
    public void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The TLS session, empty in clear. */
    public Optional<SSLSession> tls() {
        return socket instanceof SSLSocket secure ? Optional.of(secure.getSession()) : Optional.empty();
    }

    /** The certificate the server showed, if in TLS. */
    public Optional<X509Certificate> serverCertificate() {
        return tls().map(session -> {
            try {
                return (X509Certificate) session.getPeerCertificates()[0];
            } catch (SSLException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    public int localPort() {
        return socket.getLocalPort();
    }

    public InputStream in() {
        return in;
    }

    public OutputStream out() {
        return out;
    }

    /** Cuts the connection with a TCP reset, as a crashed client's machine would. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The server closed first; the test has seen what it wanted to see.
            System.getLogger(TlsClient.class.getName()).log(System.Logger.Level.TRACE, "closing", e);
        }
    }

    private int timeoutMillis() {
        try {
            return socket.getSoTimeout();
        } catch (SocketException e) {
            return -1;
        }
    }

    private static SSLContext trustingContext(Optional<Certificates> own) {
        try {
            var context = SSLContext.getInstance("TLS");
            var keys = own.map(Certificates::keyManagers).orElse(null);
            context.init(keys, new TrustManager[] {new TrustsAll()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /** Extended, because the JDK wraps a plain trust manager in checks of its own. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable Socket on) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable Socket on) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine on) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, @Nullable SSLEngine on) {}

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
