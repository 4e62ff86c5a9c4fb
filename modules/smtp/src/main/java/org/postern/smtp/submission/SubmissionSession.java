package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.ProxyInformation;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSessionImpl;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Access;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.accounts.sasl.SaslClient;
import org.postern.line.BadLine;
import org.postern.line.CommandMeter;
import org.postern.line.LineSession;
import org.postern.line.LineTransport;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** What the server knows of one client that submits mail. Used by its session's thread alone. */
final class SubmissionSession extends SMTPSessionImpl implements LineSession {
    /** All that may be said in clear (RFC 3207 §4). */
    private static final Set<String> IN_CLEAR = Set.of("EHLO", "STARTTLS", "NOOP", "QUIT");

    /** Codes of commands that make no sense, or of wrong logins; what is merely not granted does not count as bad. */
    private static final Set<String> BAD = Set.of("500", "501", "502", "503", "504", "530", "535", "538", "555");

    private final LineTransport transport;
    private final Replies replies;
    private final CommandMeter meter;
    private final Events events;
    private final InstantSource clock;
    private final Logger log;

    private Optional<String> clientName = Optional.empty();
    private @Nullable Access access;
    private Optional<Transaction> transaction = Optional.empty();
    private int transactions;
    private int messages;

    SubmissionSession(
            LineTransport transport,
            SmtpConfiguration configuration,
            Replies replies,
            CommandMeter meter,
            Events events,
            InstantSource clock,
            Logger log) {
        super(transport, configuration);
        this.transport = transport;
        this.replies = replies;
        this.meter = meter;
        this.events = events;
        this.clock = clock;
        this.log = log;
    }

    LineTransport transport() {
        return transport;
    }

    /** The client as SASL sees it before it says who it is. */
    SaslClient saslClient() {
        var connection = transport.connection();
        return new SaslClient(
                Protocol.SMTP,
                connection.client(),
                connection.id(),
                connection.channelBinding(),
                connection.listener().cramMd5());
    }

    /** What EHLO or HELO said, when one has been accepted. */
    Optional<String> clientName() {
        return clientName;
    }

    /** EHLO also ends a transaction (RFC 5321 §4.1.4). */
    void greetedBy(String name) {
        endTransaction();
        clientName = Optional.of(name);
    }

    Optional<Access> access() {
        return Optional.ofNullable(access);
    }

    void admit(Access admitted) {
        access = admitted;
        transport.connection().authenticated();
        admitted.idleIs(transport.connection()::silence);
        admitted.onEnd(transport.connection()::end);
    }

    /** Frees the client's slot; nothing more is done in its name. */
    void release() {
        endTransaction();
        if (access != null) {
            access.close();
        }
    }

    Optional<Transaction> transaction() {
        return transaction;
    }

    void begin(Transaction begun) {
        transaction = Optional.of(begun);
        transactions++;
    }

    /** How many have been begun. */
    int transactions() {
        return transactions;
    }

    /** With it goes what has come in of its message. */
    void endTransaction() {
        var ended = transaction;
        transaction = Optional.empty();
        ended.flatMap(Transaction::message).ifPresent(message -> {
            try {
                message.close();
            } catch (IOException e) {
                log.warn("a spool of session {} did not close: {}", getSessionID(), e.toString());
            }
        });
    }

    /** The name of the next message in Received fields and logs. */
    String newTraceId() {
        return getSessionID() + '.' + ++messages;
    }

    @Override
    public boolean isLoggedIn() {
        return access != null;
    }

    @Override
    public Optional<Response> gate(String verb) {
        if (isTLSStarted() || IN_CLEAR.contains(verb)) {
            return Optional.empty();
        }
        refused(new Refusal.TlsRequired());
        // The argument, perhaps a secret, has not been looked at.
        return Optional.of(
                verb.equals("AUTH")
                        ? Reply.of(538, "5.7.11", "Encryption required: issue STARTTLS before AUTH")
                        : Reply.of(530, "5.7.0", "Must issue a STARTTLS command first"));
    }

    @Override
    public Response newBadLineResponse(BadLine why) {
        return switch (why) {
            case TOO_LONG -> Reply.of(500, "5.5.2", "Line too long");
            case BARE_LINE_END ->
                Reply.last(521, "5.5.2", "A command ends with CRLF; bare CR or LF is not accepted here");
            case CONTROL_CHARACTER -> Reply.of(500, "5.5.2", "Control characters are not accepted in commands");
            case NOT_UTF8 -> Reply.of(500, "5.5.2", "Not UTF-8");
        };
    }

    @Override
    public boolean isRefusal(Response response) {
        return BAD.contains(response.getRetCode());
    }

    @Override
    public Response newTooManyCommandsResponse() {
        noted("too-many-commands").log("too many bad commands, or commands");
        return Reply.last(421, "4.7.0", "Too many errors or commands on this connection");
    }

    @Override
    public Response newInjectedBytesResponse() {
        noted("starttls-injection").log("bytes in clear behind STARTTLS");
        return Reply.last(554, "5.5.1", "Nothing may follow STARTTLS before the handshake");
    }

    @Override
    public Response newCommandNotFoundErrorResponse() {
        return Reply.of(500, "5.5.1", "Command not recognized");
    }

    @Override
    public void tlsStarted() {
        resetState();
        clientName = Optional.empty(); // RFC 3207 §4.2: what was said in clear is forgotten.
    }

    @Override
    public void resetState() {
        super.resetState();
        endTransaction();
    }

    @Override
    public void answered(String verb, Response response, long nanos) {
        meter.answered(verb, response.getRetCode(), nanos);
    }

    @Override
    public Response failed(RuntimeException failure) {
        endTransaction();
        var refusal = new Refusal.Unavailable();
        if (failure instanceof org.postern.database.DatabaseUnavailable) {
            noted(refusal.caseName()).log("database unavailable: {}", failure.getMessage());
        } else {
            log.atError()
                    .addKeyValue("session", getSessionID())
                    .setCause(failure)
                    .log("a command of session {} failed", getSessionID());
        }
        return replies.to(refusal);
    }

    /** Notes a refusal for support and metrics, and gives its reply. */
    Response refused(Refusal refusal) {
        meter.refused(refusal);
        noted(refusal.caseName()).log("refused: {}", refusal.caseName());
        // A quota's own event has the numbers.
        if (access != null && !(refusal instanceof Refusal.QuotaReached)) {
            events.write(event(refusal, access));
        }
        return replies.to(refusal);
    }

    /** A message that has been read to its end, or to the end of a chunk, and is not taken. */
    Response refused(IncomingMessage.Flaw flaw) {
        return switch (flaw) {
            case IncomingMessage.Flaw.TooBig(var max) -> refused(new Refusal.MessageTooBig(max));
            case IncomingMessage.Flaw.HeaderTooLong(var max) ->
                Reply.of(552, "5.3.4", "The header has more than " + max + " bytes");
            case IncomingMessage.Flaw.LineTooLong(var max) ->
                Reply.of(554, "5.6.0", "The message has a line of more than " + max + " bytes");
            case IncomingMessage.Flaw.Nul _ -> Reply.of(554, "5.6.0", "The message has NUL bytes (RFC 5321 4.5.2)");
            case IncomingMessage.Flaw.BareLineEnd _ ->
                Reply.of(554, "5.6.0", "Bare CR or LF in the message: lines end with CRLF (RFC 5321 2.3.8)");
            case IncomingMessage.Flaw.NoRoom(var failure) -> {
                noted("no-room").log("a message cannot be spooled: {}", failure.toString());
                yield Reply.of(452, "4.3.1", "No room for the message right now. Try again later.");
            }
        };
    }

    private Event event(Refusal refusal, Access who) {
        return Event.of(refusal.caseName(), clock.instant())
                .of(who.account(), who.mailbox())
                .token(who.token())
                .session(Protocol.SMTP, who.client(), getSessionID())
                .with("token", who.tokenName())
                .with("text", refusal.text(HelpLine.NONE));
    }

    /** The same, as the last words before the connection is closed. */
    Response refusedAtLast(Refusal refusal) {
        refused(refusal);
        return replies.lastTo(refusal);
    }

    /** A log line of this session. Never given anything that a client may mean to be secret. */
    LoggingEventBuilder noted(String caseName) {
        var line = log.atInfo()
                .addKeyValue("case", caseName)
                .addKeyValue("session", getSessionID())
                .addKeyValue("client", transport.connection().client());
        if (access == null) {
            return line;
        }
        return line.addKeyValue("mailbox", access.address()).addKeyValue("token", access.tokenName());
    }

    @Override
    public Charset getCharset() {
        return UTF_8;
    }

    /** The PROXY protocol is spoken below; James fails where this is unset. */
    @Override
    public Optional<ProxyInformation> getProxyInformation() {
        return Optional.empty();
    }
}
