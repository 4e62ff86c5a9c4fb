package org.postern.line;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.james.protocols.api.AbstractResponse;
import org.apache.james.protocols.api.ProtocolConfigurationImpl;
import org.apache.james.protocols.api.ProtocolSessionImpl;
import org.apache.james.protocols.api.Response;

/** The session of a small protocol of the tests: replies are {@code +} or {@code -} and a text. */
final class TalkSession extends ProtocolSessionImpl implements LineSession {
    final LineTransport transport;
    final List<RuntimeException> failures;
    boolean loggedIn;

    TalkSession(LineTransport transport, CopyOnWriteArrayList<RuntimeException> failures) {
        super(transport, new ProtocolConfigurationImpl("talk") {});
        this.transport = transport;
        this.failures = failures;
    }

    /** One line. */
    static final class Line extends AbstractResponse {
        Line(String code, String text) {
            super(code, text);
        }

        @Override
        public List<CharSequence> getLines() {
            return List.of(getRetCode() + lines.getFirst());
        }
    }

    static Response yes(String text) {
        return new Line("+", text);
    }

    static Response no(String text) {
        return new Line("-", text);
    }

    static Response bye(String text) {
        var line = new Line("-", text);
        line.setEndSession(true);
        return line;
    }

    @Override
    public Charset getCharset() {
        return UTF_8;
    }

    @Override
    public boolean isLoggedIn() {
        return loggedIn;
    }

    @Override
    public Optional<Response> gate(String verb) {
        return isTLSStarted() || verb.equals("STLS") ? Optional.empty() : Optional.of(no("TLS first"));
    }

    @Override
    public Response newBadLineResponse(BadLine why) {
        return no(why.name());
    }

    @Override
    public boolean isRefusal(Response response) {
        return response.getRetCode().equals("-");
    }

    @Override
    public Response newTooManyCommandsResponse() {
        return bye("too many");
    }

    @Override
    public Response newInjectedBytesResponse() {
        return bye("injected");
    }

    @Override
    public Response newCommandNotFoundErrorResponse() {
        return no("unknown");
    }

    @Override
    public Response failed(RuntimeException failure) {
        failures.add(failure);
        return no("failed");
    }
}
