package org.postern.pop3;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.james.protocols.api.ProtocolConfiguration;
import org.apache.james.protocols.api.ProtocolSessionImpl;
import org.apache.james.protocols.api.ProxyInformation;
import org.apache.james.protocols.api.Response;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Access;
import org.postern.accounts.sasl.SaslClient;
import org.postern.database.DatabaseUnavailable;
import org.postern.line.BadLine;
import org.postern.line.CommandMeter;
import org.postern.line.LineSession;
import org.postern.line.LineTransport;
import org.postern.mailstore.Contents;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.net.Connection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One POP3 session: AUTHORIZATION, then TRANSACTION over a frozen maildrop (RFC 1939 §§3-6). Its own thread's alone. */
final class Pop3Session extends ProtocolSessionImpl implements LineSession {
    private static final Logger LOG = LoggerFactory.getLogger(Pop3Session.class);

    private final LineTransport transport;
    private final Map<String, Pop3State> states;
    private final Pop3Refusals refusals;
    private final CommandMeter meter;
    private @Nullable String user;
    private @Nullable Access access;
    private @Nullable Maildrop maildrop;
    private @Nullable ReadAhead ahead;

    /** @param states of every verb there is */
    Pop3Session(
            LineTransport transport,
            ProtocolConfiguration configuration,
            Map<String, Pop3State> states,
            Pop3Refusals refusals,
            CommandMeter meter) {
        super(transport, configuration);
        this.transport = transport;
        this.states = states;
        this.refusals = refusals;
        this.meter = meter;
    }

    LineTransport transport() {
        return transport;
    }

    Connection connection() {
        return transport.connection();
    }

    /** The client as SASL sees it before it says who it is. */
    SaslClient saslClient() {
        var connection = connection();
        return new SaslClient(
                Protocol.POP3,
                connection.client(),
                connection.id(),
                connection.channelBinding(),
                connection.listener().cramMd5());
    }

    void user(String user) {
        this.user = user;
    }

    /** What USER said, once: after a failed PASS the client begins anew. */
    Optional<String> takeUser() {
        var taken = Optional.ofNullable(user);
        user = null;
        return taken;
    }

    /** The slot is this session's from now on; when access ends, so does the session. */
    void loggedIn(Access admitted) {
        access = admitted;
        admitted.idleIs(connection()::silence);
        admitted.onEnd(connection()::end);
    }

    void open(Maildrop opened) {
        maildrop = opened;
    }

    /** The maildrop of a session in TRANSACTION; the gate lets no handler ask before. */
    Maildrop maildrop() {
        if (maildrop == null) {
            throw new IllegalStateException("no maildrop before login");
        }
        return maildrop;
    }

    ReadAhead ahead(Contents contents) {
        if (ahead == null) {
            ahead = new ReadAhead(contents, maildrop());
        }
        return ahead;
    }

    /** Who has logged in, if somebody has. */
    Optional<Access> access() {
        return Optional.ofNullable(access);
    }

    /** Frees the slot; may be called again. */
    void end() {
        if (access != null) {
            access.close();
        }
    }

    @Override
    public boolean isLoggedIn() {
        return maildrop != null;
    }

    @Override
    public Optional<Response> gate(String verb) {
        var state = states.getOrDefault(verb, Pop3State.ANY);
        return switch (state) {
            case ANY -> Optional.empty();
            case AUTHORIZATION -> authorizationGate(verb);
            case TRANSACTION -> isLoggedIn() ? Optional.empty() : Optional.of(Pop3Reply.err("Log in first"));
        };
    }

    /** RFC 8314 §3.2: no credential is read before TLS. */
    private Optional<Response> authorizationGate(String verb) {
        if (isLoggedIn()) {
            return Optional.of(Pop3Reply.err("You are logged in already"));
        }
        return isTLSStarted() || verb.equals(Stls.VERB)
                ? Optional.empty()
                : Optional.of(refused(new Refusal.TlsRequired()));
    }

    /** RFC 1939 lets lines end with CRLF only; some scripts send LF, which is harmless in commands. */
    @Override
    public boolean takesBareLineFeed() {
        return true;
    }

    @Override
    public Response newCommandNotFoundErrorResponse() {
        return Pop3Reply.err("Command not known");
    }

    @Override
    public Response newBadLineResponse(BadLine why) {
        return Pop3Reply.err(
                switch (why) {
                    case TOO_LONG -> "Line too long";
                    case BARE_LINE_END -> "Lines end with CRLF";
                    case CONTROL_CHARACTER -> "Control characters are not taken";
                    case NOT_UTF8 -> "Lines are UTF-8";
                });
    }

    @Override
    public void answered(String verb, Response response, long nanos) {
        meter.answered(verb, response.getRetCode(), nanos);
    }

    /** The reply to a refusal, counted. */
    Pop3Reply refused(Refusal refusal) {
        meter.refused(refusal);
        return refusals.reply(refusal);
    }

    @Override
    public boolean isRefusal(Response response) {
        return response.getRetCode().equals("-ERR");
    }

    @Override
    public Response newTooManyCommandsResponse() {
        return Pop3Reply.err(Pop3Reply.Code.SYS_TEMP, "Too many commands").andClose();
    }

    @Override
    public Response newInjectedBytesResponse() {
        LOG.atWarn()
                .addKeyValue("session", getSessionID())
                .addKeyValue("case", "starttls-injection")
                .log("bytes in clear behind STLS");
        return Pop3Reply.err("Nothing may follow STLS in the same flight").andClose();
    }

    /** The database away is expected and passes; all else is a bug. Either way the client hears the same. */
    @Override
    public Response failed(RuntimeException failure) {
        var event = failure instanceof DatabaseUnavailable ? LOG.atWarn() : LOG.atError();
        event.addKeyValue("session", getSessionID())
                .addKeyValue("case", new Refusal.Unavailable().caseName())
                .setCause(failure)
                .log("POP3 command failed");
        return refused(new Refusal.Unavailable());
    }

    @Override
    public Optional<ProxyInformation> getProxyInformation() {
        return Optional.empty(); // Spoken below, by the listener.
    }

    @Override
    public Charset getCharset() {
        return StandardCharsets.UTF_8;
    }
}
