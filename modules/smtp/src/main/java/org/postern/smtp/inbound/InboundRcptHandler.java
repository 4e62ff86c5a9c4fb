package org.postern.smtp.inbound;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.delivery.RecipientOutcome;
import org.postern.delivery.Recipients;
import org.postern.line.Command;
import org.postern.model.Address;
import org.postern.model.Refusal;
import org.postern.smtp.Handler;
import org.postern.smtp.Path;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;

/** RCPT (RFC 5321 §4.1.1.3) of another server: ours alone, nothing is relayed; who guesses at names is slowed down and sent away. */
final class InboundRcptHandler implements Handler<InboundSession> {
    private final Recipients recipients;
    private final InboundSettings settings;

    InboundRcptHandler(Recipients recipients, InboundSettings settings) {
        this.recipients = recipients;
        this.settings = settings;
    }

    @Override
    public List<String> verbs() {
        return List.of("RCPT");
    }

    @Override
    public Response handle(InboundSession session, Command command) {
        if (session.transaction().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send MAIL first");
        }
        var transaction = session.transaction().get();
        if (transaction.message().isPresent()) {
            return Reply.of(503, "5.5.1", "The message has begun; its recipients are known"); // RFC 3030 §2.
        }
        return Path.parse("TO", command.argument().orElse(""))
                .map(path -> add(session, transaction, path))
                .orElseGet(() -> Reply.of(501, "5.5.4", "Usage: RCPT TO:<address>"));
    }

    private Response add(InboundSession session, Transaction transaction, Path path) {
        if (!path.parameters().isEmpty()) {
            return Reply.of(555, "5.5.4", "A parameter of RCPT is not known here");
        }
        var address = address(path.address());
        if (address.isEmpty()) {
            return Reply.of(501, "5.1.3", "That is not an address");
        }
        if (!transaction.options().smtpUtf8() && !Path.isAscii(path.address())) {
            return Reply.of(553, "5.6.7", "An address outside of ASCII needs MAIL's parameter SMTPUTF8");
        }
        int max = settings.limits().recipients();
        if (transaction.named().size() >= max) {
            return session.refused(new Refusal.TooManyRecipients(max));
        }
        return switch (recipients.find(address.get())) {
            case RecipientOutcome.Taken(var recipient)
            when recipient.mailbox().isPresent() -> {
                transaction.add(recipient);
                yield Reply.of(250, "2.1.5", "Recipient OK");
            }
            case RecipientOutcome.Taken elsewhere -> {
                session.noted("relay-denied")
                        .addKeyValue("recipient", address.get())
                        .log("no relaying");
                yield guessed(session, Reply.of(550, "5.7.1", "We do not relay: that domain's mail is not here"));
            }
            case RecipientOutcome.Refused(var refusal) -> guessed(session, session.refused(refusal));
        };
    }

    private Response guessed(InboundSession session, Response refusal) {
        var pause = settings.limits().unknownPause();
        if (pause.isPositive()) {
            session.transport().pause(pause);
        }
        if (!session.hasGuessedTooOften()) {
            return refusal;
        }
        session.noted("too-many-unknown-recipients").log("too many unknown recipients");
        return Reply.last(421, "4.7.0", "Too many unknown recipients on this connection");
    }

    /** RFC 5321 §4.1.1.3: {@code <Postmaster>} without a domain is ours, in any case. */
    private Optional<Address> address(String text) {
        return text.toLowerCase(Locale.ROOT).equals("postmaster")
                ? Optional.of(new Address("postmaster", settings.host()))
                : Address.parse(text);
    }
}
