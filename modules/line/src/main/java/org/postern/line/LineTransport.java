package org.postern.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.apache.james.protocols.api.ProtocolSession;
import org.apache.james.protocols.api.ProtocolTransport;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.StartTlsResponse;
import org.apache.james.protocols.api.StreamResponse;
import org.apache.james.protocols.api.handler.LineHandler;
import org.postern.model.Refusal;
import org.postern.net.Connection;
import org.postern.net.ConnectionEnded;
import org.postern.net.InjectedBytes;
import org.postern.net.TlsMode;
import org.postern.net.Wake;

/**
 * James' transport on one of our connections: replies as UTF-8 into the connection's output, STARTTLS as one call, and a
 * straight-line question for handlers that need another line. Used by the session's thread alone.
 *
 * <p>James' interface knows no {@link IOException}: it travels as {@link UncheckedIOException}, which the loop unwraps.
 */
public final class LineTransport implements ProtocolTransport {
    private final Connection connection;
    private final Deque<LineHandler<? extends ProtocolSession>> lineHandlers = new ArrayDeque<>();
    private boolean ending;

    public LineTransport(Connection connection) {
        this.connection = connection;
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public String getId() {
        return connection.id();
    }

    /** The client's address; its port is not ours to know behind a proxy. */
    @Override
    public InetSocketAddress getRemoteAddress() {
        return new InetSocketAddress(connection.client().inet(), 0);
    }

    @Override
    public InetSocketAddress getLocalAddress() {
        return connection.listener().bind();
    }

    @Override
    public boolean isTLSStarted() {
        return connection.isSecure();
    }

    @Override
    public boolean isStartTLSSupported() {
        return connection.listener().tls() != TlsMode.IMPLICIT;
    }

    /** Always empty: what the handshake agreed on is {@link Connection#tls()}. */
    @Override
    public Optional<SSLSession> getSSLSession() {
        return Optional.empty();
    }

    /** The PROXY protocol is spoken below, by the listener. */
    @Override
    public boolean isProxyRequired() {
        return false;
    }

    /** Writes without flushing: the replies to one flight of commands leave together (RFC 2920 §3.2). */
    @Override
    public void writeResponse(Response response, ProtocolSession session) {
        try {
            if (response instanceof StartTlsResponse) {
                startTls(response, session);
                return;
            }
            connection.out().write(encode(response));
            switch (response) {
                case WrittenResponse written -> written.writeBody(connection.out());
                case StreamResponse stream -> copy(stream);
                default -> {} // Response is James' type: all others are lines alone.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ending |= response.isEndSession();
    }

    private void startTls(Response response, ProtocolSession session) throws IOException {
        try {
            connection.startTls(encode(response));
        } catch (InjectedBytes e) {
            if (!(session instanceof LineSession line)) {
                throw e;
            }
            connection.out().write(encode(line.newInjectedBytesResponse()));
            ending = true;
            return;
        }
        if (session instanceof LineSession line) {
            line.tlsStarted();
        }
        session.stopDetectingCommandInjection();
    }

    private void copy(StreamResponse response) throws IOException {
        try (var in = response.getStream()) {
            in.transferTo(connection.out());
        }
    }

    /** The reply's lines; a line end or NUL inside one would forge a reply and becomes {@code ?}. */
    private static byte[] encode(Response response) {
        var text = new StringBuilder();
        for (var line : response.getLines()) {
            for (int i = 0; i < line.length(); i++) {
                char c = line.charAt(i);
                text.append(c == '\r' || c == '\n' || c == 0 ? '?' : c);
            }
            text.append("\r\n");
        }
        return text.toString().getBytes(UTF_8);
    }

    /**
     * Sends the reply and takes the line that answers it, for dialogues inside one command: a straight-line SASL exchange.
     *
     * @param maxBytes with the line end
     * @param patience how long the answer may take to begin
     * @return the line as it came, with its line end
     * @throws UncheckedIOException as {@link #awaitBytes} and {@link org.postern.net.Input#readLine}
     */
    public byte[] ask(Response question, ProtocolSession session, int maxBytes, Duration patience) {
        writeResponse(question, session);
        try {
            awaitBytes(patience);
            return connection.in().readLine(maxBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The bytes of a line without its line end. */
    public static byte[] withoutLineEnd(byte[] line) {
        int end = line.length;
        if (end > 0 && line[end - 1] == '\n') {
            end--;
        }
        if (end > 0 && line[end - 1] == '\r') {
            end--;
        }
        return java.util.Arrays.copyOf(line, end);
    }

    /**
     * Flushes, and returns when the client has sent something.
     *
     * @throws ConnectionEnded when we end the session, idleness included
     * @throws org.postern.net.PeerGone when the client has closed
     */
    public void awaitBytes(Duration idle) throws IOException {
        while (true) {
            var left = idle.minus(connection.silence());
            var wake = connection.await(left.isPositive() ? left : Duration.ZERO);
            if (wake == Wake.BYTES) {
                return;
            }
            if (wake == Wake.TIMED_OUT && connection.silence().compareTo(idle) >= 0) {
                throw new ConnectionEnded(new Refusal.IdleTooLong(idle));
            }
        }
    }

    /** @throws UncheckedIOException as {@link Connection#pause} */
    public void pause(Duration length) {
        try {
            connection.pause(length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void pushLineHandler(LineHandler<? extends ProtocolSession> handler, ProtocolSession session) {
        lineHandlers.push(handler);
    }

    @Override
    public void popLineHandler() {
        lineHandlers.poll();
    }

    /** Who takes the next line instead of the command table. */
    Optional<LineHandler<? extends ProtocolSession>> lineHandler() {
        return Optional.ofNullable(lineHandlers.peek());
    }

    /** Whether a reply has ended the session. */
    public boolean isEnding() {
        return ending;
    }

    /** Reading is paused by the bounded inbox, not by handlers. */
    @Override
    public void setReadable(boolean readable) {
        throw new UnsupportedOperationException("a session reads when it wants to");
    }

    @Override
    public boolean isReadable() {
        return true;
    }
}
