package org.postern.smtp;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.Access;
import org.postern.accounts.Senders;
import org.postern.delivery.BodyType;
import org.postern.line.Command;
import org.postern.model.Address;
import org.postern.model.Plan;
import org.postern.model.Refusal;

/**
 * MAIL (RFC 5321 §4.1.1.2, RFC 6409 §6.1): begins a transaction for one of the mailbox's own addresses.
 *
 * <p>The null return path is allowed: a read receipt must be sent with it (RFC 8098 §3). Its header From is checked like any
 * other's, and it counts against the quota.
 */
final class MailHandler implements Handler {
    private static final int MAX_SIZE_DIGITS = 18;

    private final Senders senders;

    MailHandler(Senders senders) {
        this.senders = senders;
    }

    @Override
    public List<String> verbs() {
        return List.of("MAIL");
    }

    @Override
    public Response handle(SubmissionSession session, Command command) {
        if (session.clientName().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send EHLO first");
        }
        if (session.access().isEmpty()) {
            return Reply.of(530, "5.7.0", "Authentication required");
        }
        if (session.transaction().isPresent()) {
            return Reply.of(503, "5.5.1", "A transaction is open already; RSET ends it");
        }
        var access = session.access().get();
        return Path.parse("FROM", command.argument().orElse(""))
                .map(path -> begin(session, access, path))
                .orElseGet(() -> Reply.of(501, "5.5.4", "Usage: MAIL FROM:<address>"));
    }

    private Response begin(SubmissionSession session, Access access, Path path) {
        var plan = access.plan();
        if (!plan.sending().allowed()) {
            return session.refused(new Refusal.SendingNotInPlan(plan.name()));
        }
        var parameters = Parameters.of(path.parameters(), plan);
        if (parameters.problem().isPresent()) {
            return switch (parameters.problem().get()) {
                case Problem.Wording(var reply) -> reply;
                case Problem.TooBig(var refusal) -> session.refused(refusal);
            };
        }
        if (path.address().isEmpty()) {
            session.begin(new Transaction(Optional.empty(), parameters.bodyType()));
            return Reply.of(250, "2.1.0", "Null return path OK");
        }
        var from = Address.parse(path.address());
        if (from.isEmpty()) {
            return Reply.of(501, "5.1.7", "That is not an address");
        }
        if (!from.get().isAscii()) {
            return Reply.of(553, "5.6.7", "An address outside of ASCII needs SMTPUTF8, which is not offered");
        }
        if (!isOwn(access, from.get())) {
            return session.refused(new Refusal.NotYourAddress(from.get().toString()));
        }
        session.begin(new Transaction(from, parameters.bodyType()));
        return Reply.of(250, "2.1.0", "Sender OK");
    }

    /** Nearly everybody sends as the mailbox's own address: that costs no round trip. */
    private boolean isOwn(Access access, Address from) {
        return from.equals(access.address()) || senders.mayUse(access.mailbox(), from);
    }

    private sealed interface Problem {
        record Wording(Response reply) implements Problem {}

        record TooBig(Refusal.MessageTooBig refusal) implements Problem {}
    }

    /** What MAIL's parameters say (RFC 1870, RFC 6152, RFC 4954 §5). */
    private record Parameters(BodyType bodyType, Optional<Problem> problem) {
        static Parameters of(List<Path.Parameter> given, Plan plan) {
            var bodyType = BodyType.SEVEN_BIT;
            var seen = new HashSet<String>();
            for (var parameter : given) {
                if (!seen.add(parameter.keyword())) {
                    return wrong(Reply.of(501, "5.5.4", "A parameter is given twice"));
                }
                var value = parameter.value().orElse("");
                switch (parameter.keyword()) {
                    case "SIZE" -> {
                        if (value.isEmpty() || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                            return wrong(Reply.of(501, "5.5.4", "SIZE wants a number"));
                        }
                        if (value.length() > MAX_SIZE_DIGITS || Long.parseLong(value) > plan.maxMessageBytes()) {
                            var refusal = new Refusal.MessageTooBig(plan.maxMessageBytes());
                            return new Parameters(bodyType, Optional.of(new Problem.TooBig(refusal)));
                        }
                    }
                    case "BODY" -> {
                        switch (value.toUpperCase(Locale.ROOT)) {
                            case "7BIT" -> bodyType = BodyType.SEVEN_BIT;
                            case "8BITMIME" -> bodyType = BodyType.EIGHT_BIT_MIME;
                            default -> {
                                return wrong(Reply.of(501, "5.5.4", "BODY is 7BIT or 8BITMIME"));
                            }
                        }
                    }
                    case "AUTH" -> {
                        // RFC 4954 §5: who the client says has submitted it first is not believed, so it is dropped.
                        if (value.isEmpty()) {
                            return wrong(Reply.of(501, "5.5.4", "AUTH wants an address or <>"));
                        }
                    }
                    default -> {
                        return wrong(Reply.of(555, "5.5.4", "A parameter of MAIL is not known here"));
                    }
                }
            }
            return new Parameters(bodyType, Optional.empty());
        }

        private static Parameters wrong(Response reply) {
            return new Parameters(BodyType.SEVEN_BIT, Optional.of(new Problem.Wording(reply)));
        }
    }
}
