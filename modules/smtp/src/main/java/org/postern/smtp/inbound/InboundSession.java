package org.postern.smtp.inbound;

import static org.apache.james.protocols.smtp.SMTPSession.CURRENT_HELO_MODE;

import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.postern.line.CommandMeter;
import org.postern.line.LineTransport;
import org.postern.smtp.Replies;
import org.postern.smtp.Reply;
import org.postern.smtp.SmtpConfiguration;
import org.postern.smtp.SmtpSession;
import org.slf4j.Logger;

/** What is known of another server. Used by its session's thread alone. */
final class InboundSession extends SmtpSession {
    /** All that a stranger may say where LMTP is for somebody else. */
    private static final Set<String> FOR_ANYBODY = Set.of("STARTTLS", "NOOP", "QUIT");

    private final InboundProtocol protocol;
    private final InboundLimits limits;
    private int unknownRecipients;

    InboundSession(
            LineTransport transport,
            InboundProtocol protocol,
            InboundLimits limits,
            SmtpConfiguration configuration,
            Replies replies,
            CommandMeter meter,
            Logger log) {
        super(transport, configuration, replies, meter, log);
        this.protocol = protocol;
        this.limits = limits;
        transport.connection().authenticated(); // As far as anybody is here: its commands have their own bounds.
    }

    InboundProtocol protocol() {
        return protocol;
    }

    /** One more that does not exist. @return whether that is too many */
    boolean hasGuessedTooOften() {
        return ++unknownRecipients >= limits.unknownRecipients();
    }

    /** The "with" name of the Received field. */
    String receivedWith() {
        boolean extended =
                !getAttachment(CURRENT_HELO_MODE, State.Connection).orElse("").equals("HELO");
        return protocol.received(isTLSStarted(), extended);
    }

    @Override
    public long maxMessageBytes() {
        return limits.maxMessageBytes();
    }

    @Override
    public boolean mayBegin() {
        return gate("MAIL").isEmpty();
    }

    /** There is no login; the bounds of those who have are these clients'. */
    @Override
    public boolean isLoggedIn() {
        return true;
    }

    @Override
    public Optional<Response> gate(String verb) {
        return switch (protocol) {
            case MX -> Optional.empty();
            case LMTP -> isTrusted() || FOR_ANYBODY.contains(verb) ? Optional.empty() : refusal(verb);
        };
    }

    /** Who may come over TLS alone finds that it is offered, and nothing else. */
    private Optional<Response> refusal(String verb) {
        if (!takesKnownPeers()) {
            return Optional.of(Reply.of(550, "5.7.1", "Mail is taken from known servers only"));
        }
        return verb.equals("LHLO")
                ? Optional.empty()
                : Optional.of(Reply.of(530, "5.7.0", "Must issue a STARTTLS command first"));
    }

    /** By its certificate, without which TLS has not come to its end; where none is asked for, on this machine. */
    private boolean isTrusted() {
        return takesKnownPeers()
                ? isTLSStarted()
                : transport().connection().client().inet().isLoopbackAddress();
    }

    private boolean takesKnownPeers() {
        return transport().connection().listener().peers().isPresent();
    }
}
