package org.postern.smtp.submission;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.AbuseWatch;
import org.postern.accounts.Access;
import org.postern.delivery.RecipientOutcome;
import org.postern.delivery.Recipients;
import org.postern.line.Command;
import org.postern.model.Address;
import org.postern.model.Refusal;
import org.postern.smtp.Handler;
import org.postern.smtp.Path;
import org.postern.smtp.RcptParameters;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;

/** RCPT (RFC 5321 §4.1.1.3): our own domains' recipients must exist, other domains' are relayed. */
final class RcptHandler implements Handler<SubmissionSession> {
    private final Recipients recipients;
    private final AbuseWatch abuse;

    RcptHandler(Recipients recipients, AbuseWatch abuse) {
        this.recipients = recipients;
        this.abuse = abuse;
    }

    @Override
    public List<String> verbs() {
        return List.of("RCPT");
    }

    @Override
    public Response handle(SubmissionSession session, Command command) {
        if (session.access().isEmpty()) {
            return Reply.of(530, "5.7.0", "Authentication required");
        }
        if (session.transaction().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send MAIL first");
        }
        var access = session.access().get();
        var transaction = session.transaction().get();
        if (transaction.message().isPresent()) {
            return Reply.of(503, "5.5.1", "The message has begun; its recipients are known"); // RFC 3030 §2.
        }
        return Path.parse("TO", command.argument().orElse(""))
                .map(path -> add(session, access, transaction, path))
                .orElseGet(() -> Reply.of(501, "5.5.4", "Usage: RCPT TO:<address>"));
    }

    private Response add(SubmissionSession session, Access access, Transaction transaction, Path path) {
        boolean smtpUtf8 = transaction.options().smtpUtf8();
        return switch (RcptParameters.read(path.parameters(), smtpUtf8)) {
            case RcptParameters.Outcome.Malformed(var reply) -> reply;
            case RcptParameters.Outcome.Understood(var parameters) -> {
                var address = address(path.address(), access);
                if (address.isEmpty()) {
                    yield Reply.of(501, "5.1.3", "That is not an address");
                }
                if (!smtpUtf8 && !Path.isAscii(path.address())) {
                    yield Reply.of(553, "5.6.7", "An address outside of ASCII needs MAIL's parameter SMTPUTF8");
                }
                yield add(session, access, transaction, address.get(), parameters);
            }
        };
    }

    private Response add(
            SubmissionSession session,
            Access access,
            Transaction transaction,
            Address address,
            Map<String, String> parameters) {
        int max = access.plan().sending().recipientsPerMessage();
        if (transaction.size() >= max && !transaction.names(address)) {
            return session.refused(new Refusal.TooManyRecipients(max));
        }
        return switch (recipients.find(address)) {
            case RecipientOutcome.Taken(var recipient) -> {
                transaction.add(recipient.with(parameters));
                yield Reply.of(250, "2.1.5", "Recipient OK");
            }
            case RecipientOutcome.Refused(var refusal) -> {
                abuse.refusedRecipient(access, address);
                yield session.refused(refusal);
            }
        };
    }

    /** RFC 5321 §4.1.1.3: {@code <Postmaster>} without a domain is ours, in any case. */
    private static Optional<Address> address(String text, Access access) {
        return text.toLowerCase(Locale.ROOT).equals("postmaster")
                ? Optional.of(new Address("postmaster", access.address().domain()))
                : Address.parse(text);
    }
}
