package org.postern.smtp.submission;

import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.Response;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Access;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.accounts.sasl.SaslClient;
import org.postern.line.CommandMeter;
import org.postern.line.LineTransport;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.smtp.Replies;
import org.postern.smtp.Reply;
import org.postern.smtp.SmtpConfiguration;
import org.postern.smtp.SmtpSession;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/** What the server knows of one client that submits mail. Used by its session's thread alone. */
final class SubmissionSession extends SmtpSession {
    /** All that may be said in clear (RFC 3207 §4). */
    private static final Set<String> IN_CLEAR = Set.of("EHLO", "STARTTLS", "NOOP", "QUIT");

    private final long largestMessage;
    private final Events events;
    private final InstantSource clock;
    private @Nullable Access access;

    /** @param largestMessage what no plan exceeds */
    SubmissionSession(
            LineTransport transport,
            SmtpConfiguration configuration,
            Replies replies,
            CommandMeter meter,
            long largestMessage,
            Events events,
            InstantSource clock,
            Logger log) {
        super(transport, configuration, replies, meter, log);
        this.largestMessage = largestMessage;
        this.events = events;
        this.clock = clock;
    }

    /** The client as SASL sees it before it says who it is. */
    SaslClient saslClient() {
        var connection = transport().connection();
        return new SaslClient(
                Protocol.SMTP,
                connection.client(),
                connection.id(),
                connection.channelBinding(),
                connection.listener().cramMd5());
    }

    Optional<Access> access() {
        return Optional.ofNullable(access);
    }

    void admit(Access admitted) {
        access = admitted;
        transport().connection().authenticated();
        admitted.idleIs(transport().connection()::silence);
        admitted.onEnd(transport().connection()::end);
    }

    /** Frees the client's slot too. */
    @Override
    public void release() {
        super.release();
        if (access != null) {
            access.close();
        }
    }

    /** The plan's limit as soon as it is known, before that the server's own. */
    @Override
    public long maxMessageBytes() {
        return access == null ? largestMessage : access.plan().maxMessageBytes();
    }

    @Override
    public boolean mayBegin() {
        return isTLSStarted();
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

    /** Writes it down for support, too. */
    @Override
    public Response refused(Refusal refusal) {
        // A quota's own event has the numbers.
        if (access != null && !(refusal instanceof Refusal.QuotaReached)) {
            events.write(event(refusal, access));
        }
        return super.refused(refusal);
    }

    private Event event(Refusal refusal, Access who) {
        return Event.of(refusal.caseName(), clock.instant())
                .of(who.account(), who.mailbox())
                .token(who.token())
                .session(Protocol.SMTP, who.client(), getSessionID())
                .with("token", who.tokenName())
                .with("text", refusal.text(HelpLine.NONE));
    }

    @Override
    public LoggingEventBuilder noted(String caseName) {
        var line = super.noted(caseName);
        return access == null
                ? line
                : line.addKeyValue("mailbox", access.address()).addKeyValue("token", access.tokenName());
    }
}
