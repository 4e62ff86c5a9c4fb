package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.ProxyInformation;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSessionImpl;
import org.postern.database.DatabaseUnavailable;
import org.postern.line.BadLine;
import org.postern.line.CommandMeter;
import org.postern.line.LineSession;
import org.postern.line.LineTransport;
import org.postern.mime.BinaryParts;
import org.postern.model.Refusal;
import org.postern.smtp.message.IncomingMessage.Flaw;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** What the server knows of one client, whatever it may do here. Used by its session's thread alone. */
public abstract class SmtpSession extends SMTPSessionImpl implements LineSession {
    /** Codes of commands that make no sense, or of wrong logins; what is merely not granted does not count as bad. */
    private static final Set<String> BAD = Set.of("500", "501", "502", "503", "504", "530", "535", "538", "555");

    private final LineTransport transport;
    private final Replies replies;
    private final CommandMeter meter;
    private final Logger log;

    private Optional<String> clientName = Optional.empty();
    private Optional<Transaction> transaction = Optional.empty();
    private int transactions;
    private int messages;

    protected SmtpSession(
            LineTransport transport, SmtpConfiguration configuration, Replies replies, CommandMeter meter, Logger log) {
        super(transport, configuration);
        this.transport = transport;
        this.replies = replies;
        this.meter = meter;
        this.log = log;
    }

    public final LineTransport transport() {
        return transport;
    }

    /** Whether a transaction may begin on a connection as it is now: in clear there may be none. */
    public abstract boolean mayBegin();

    /** The largest message that this client may send, as far as that is known. */
    public abstract long maxMessageBytes();

    /** Frees what the session holds; nothing more is done in its client's name. */
    public void release() {
        endTransaction();
    }

    /** What EHLO, HELO or LHLO said, when one has been accepted. */
    public final Optional<String> clientName() {
        return clientName;
    }

    /** EHLO also ends a transaction (RFC 5321 §4.1.4). */
    final void greetedBy(String name) {
        endTransaction();
        clientName = Optional.of(name);
    }

    public final Optional<Transaction> transaction() {
        return transaction;
    }

    public final void begin(Transaction begun) {
        transaction = Optional.of(begun);
        transactions++;
    }

    /** How many have been begun. */
    public final int transactions() {
        return transactions;
    }

    /** With it goes what has come in of its message. */
    final void endTransaction() {
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
    public final String newTraceId() {
        return getSessionID() + '.' + ++messages;
    }

    @Override
    public final Response newBadLineResponse(BadLine why) {
        return switch (why) {
            case TOO_LONG -> Reply.of(500, "5.5.2", "Line too long");
            case BARE_LINE_END ->
                Reply.last(521, "5.5.2", "A command ends with CRLF; bare CR or LF is not accepted here");
            case CONTROL_CHARACTER -> Reply.of(500, "5.5.2", "Control characters are not accepted in commands");
            case NOT_UTF8 -> Reply.of(500, "5.5.2", "Not UTF-8");
        };
    }

    @Override
    public final boolean isRefusal(Response response) {
        return BAD.contains(response.getRetCode());
    }

    @Override
    public final Response newTooManyCommandsResponse() {
        noted("too-many-commands").log("too many bad commands, or commands");
        return Reply.last(421, "4.7.0", "Too many errors or commands on this connection");
    }

    @Override
    public final Response newInjectedBytesResponse() {
        noted("starttls-injection").log("bytes in clear behind STARTTLS");
        return Reply.last(554, "5.5.1", "Nothing may follow STARTTLS before the handshake");
    }

    @Override
    public final Response newCommandNotFoundErrorResponse() {
        return Reply.of(500, "5.5.1", "Command not recognized");
    }

    @Override
    public final void tlsStarted() {
        resetState();
        clientName = Optional.empty(); // RFC 3207 §4.2: what was said in clear is forgotten.
    }

    @Override
    public final void resetState() {
        super.resetState();
        endTransaction();
    }

    @Override
    public final void answered(String verb, Response response, long nanos) {
        meter.answered(verb, response.getRetCode(), nanos);
    }

    @Override
    public final Response failed(RuntimeException failure) {
        endTransaction();
        var refusal = new Refusal.Unavailable();
        if (failure instanceof DatabaseUnavailable) {
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
    public Response refused(Refusal refusal) {
        meter.refused(refusal);
        noted(refusal.caseName()).log("refused: {}", refusal.caseName());
        return replies.to(refusal);
    }

    /** The same, as the last words before the connection is closed. */
    public final Response refusedAtLast(Refusal refusal) {
        refused(refusal);
        return replies.lastTo(refusal);
    }

    /** A message that has been read to its end, or to the end of a chunk, and is not taken. */
    public final Response refused(Flaw flaw) {
        return switch (flaw) {
            case Flaw.TooBig(var max) -> refused(new Refusal.MessageTooBig(max));
            case Flaw.HeaderTooLong(var max) -> Reply.of(552, "5.3.4", "The header has more than " + max + " bytes");
            case Flaw.LineTooLong(var max) ->
                Reply.of(554, "5.6.0", "The message has a line of more than " + max + " bytes");
            case Flaw.Nul _ -> Reply.of(554, "5.6.0", "The message has NUL bytes (RFC 5321 4.5.2)");
            case Flaw.BareLineEnd _ ->
                Reply.of(554, "5.6.0", "Bare CR or LF in the message: lines end with CRLF (RFC 5321 2.3.8)");
            case Flaw.Unencodable(var why) -> unencodable(why);
            case Flaw.NoRoom(var failure) -> {
                noted("no-room").log("a message cannot be spooled: {}", failure.toString());
                yield Reply.of(452, "4.3.1", "No room for the message right now. Try again later.");
            }
        };
    }

    private static Response unencodable(BinaryParts.Problem why) {
        return why == BinaryParts.Problem.NOT_TO_BE_ENCODED
                ? Reply.of(
                        554,
                        "5.6.2",
                        "A signed part, or a part of a message in parts, cannot be binary: send it in base64")
                : Reply.of(
                        554, "5.6.0", "The parts of the binary message are not closed, too many, or nested too deep");
    }

    /** A log line of this session. Never given anything that a client may mean to be secret. */
    public LoggingEventBuilder noted(String caseName) {
        return log.atInfo()
                .addKeyValue("case", caseName)
                .addKeyValue("session", getSessionID())
                .addKeyValue("client", transport.connection().client());
    }

    @Override
    public final Charset getCharset() {
        return UTF_8;
    }

    /** The PROXY protocol is spoken below; James fails where this is unset. */
    @Override
    public final Optional<ProxyInformation> getProxyInformation() {
        return Optional.empty();
    }
}
