package org.postern.smtp.inbound;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.delivery.BodyType;
import org.postern.delivery.MailOptions;
import org.postern.line.Command;
import org.postern.model.Address;
import org.postern.smtp.Handler;
import org.postern.smtp.MailParameters;
import org.postern.smtp.Path;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;

/** MAIL (RFC 5321 §4.1.1.2) of another server: from anybody, the null return path included. */
final class InboundMailHandler implements Handler<InboundSession>, EhloExtension {
    private static final Set<String> KEYWORDS = Set.of("SIZE", "BODY", "SMTPUTF8");

    /** Nothing binary: what strangers signed must not be made over. */
    private static final List<BodyType> BODIES = List.of(BodyType.SEVEN_BIT, BodyType.EIGHT_BIT_MIME);

    private final InboundLimits limits;
    private final InstantSource clock;

    InboundMailHandler(InboundLimits limits, InstantSource clock) {
        this.limits = limits;
        this.clock = clock;
    }

    @Override
    public List<String> verbs() {
        return List.of("MAIL");
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session instanceof InboundSession ours && ours.mayBegin()
                ? List.of("SMTPUTF8", "LIMITS RCPTMAX=" + limits.recipients())
                : List.of();
    }

    @Override
    public Response handle(InboundSession session, Command command) {
        if (session.clientName().isEmpty()) {
            return Reply.of(
                    503, "5.5.1", "Send " + session.protocol().greetings().getFirst() + " first");
        }
        if (session.transaction().isPresent()) {
            return Reply.of(503, "5.5.1", "A transaction is open already; RSET ends it");
        }
        return Path.parse("FROM", command.argument().orElse(""))
                .map(path -> begin(session, path))
                .orElseGet(() -> Reply.of(501, "5.5.4", "Usage: MAIL FROM:<address>"));
    }

    private Response begin(InboundSession session, Path path) {
        var offer = new MailParameters.Offer(KEYWORDS, BODIES, limits.maxMessageBytes(), Duration.ZERO);
        return switch (MailParameters.read(path.parameters(), offer, clock.instant())) {
            case MailParameters.Outcome.Malformed(var reply) -> reply;
            case MailParameters.Outcome.TooBig(var refusal) -> session.refused(refusal);
            case MailParameters.Outcome.Understood(var options) -> begin(session, path.address(), options);
        };
    }

    private static Response begin(InboundSession session, String returnPath, MailOptions options) {
        var from = Address.parse(returnPath);
        if (from.isEmpty() && !returnPath.isEmpty()) {
            return Reply.of(501, "5.1.7", "That is not an address");
        }
        if (!options.smtpUtf8() && !Path.isAscii(returnPath)) {
            return Reply.of(553, "5.6.7", "An address outside of ASCII needs MAIL's parameter SMTPUTF8");
        }
        session.begin(new Transaction(returnPath.isEmpty() ? Optional.empty() : from, options));
        return Reply.of(250, "2.1.0", "Sender OK");
    }
}
