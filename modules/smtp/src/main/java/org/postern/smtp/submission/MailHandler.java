package org.postern.smtp.submission;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.accounts.Access;
import org.postern.accounts.Senders;
import org.postern.delivery.BodyType;
import org.postern.delivery.MailOptions;
import org.postern.line.Command;
import org.postern.model.Address;
import org.postern.model.Refusal;
import org.postern.smtp.Handler;
import org.postern.smtp.MailParameters;
import org.postern.smtp.Path;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;

/**
 * MAIL (RFC 5321 §4.1.1.2, RFC 6409 §6.1): begins a transaction for one of the mailbox's own addresses.
 *
 * <p>The null return path is allowed: a read receipt must be sent with it (RFC 8098 §3). Its header From is checked like any
 * other's, and it counts against the quota.
 */
final class MailHandler implements Handler<SubmissionSession>, EhloExtension {
    private static final Set<String> KEYWORDS = Set.of(
            "SIZE",
            "BODY",
            "AUTH",
            "SMTPUTF8",
            "ENVID",
            "RET",
            "REQUIRETLS",
            "BY",
            "MT-PRIORITY",
            "HOLDFOR",
            "HOLDUNTIL");

    private final Senders senders;
    private final SubmissionSettings settings;
    private final InstantSource clock;

    MailHandler(Senders senders, SubmissionSettings settings, InstantSource clock) {
        this.senders = senders;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public List<String> verbs() {
        return List.of("MAIL");
    }

    /** What MAIL's and RCPT's parameters can say, and how often either may be sent (RFC 9422 §4). */
    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        if (!session.isTLSStarted()) {
            return List.of(); // In clear there is no MAIL.
        }
        var features = new ArrayList<String>();
        features.add("BINARYMIME"); // RFC 3030 §3; beside CHUNKING.
        features.add("SMTPUTF8");
        features.add("DSN");
        features.add("REQUIRETLS");
        features.add("DELIVERBY");
        features.add("MT-PRIORITY");
        var longest = settings.longestHold();
        Instant latest = clock.instant().plus(longest).truncatedTo(ChronoUnit.SECONDS);
        features.add("FUTURERELEASE " + longest.toSeconds() + ' ' + latest);
        var recipients = session instanceof SubmissionSession submission
                ? submission
                        .access()
                        .map(access -> " RCPTMAX=" + access.plan().sending().recipientsPerMessage())
                        .orElse("")
                : "";
        features.add("LIMITS" + recipients + " MAILMAX=" + settings.limits().messages());
        return features;
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
        int most = settings.limits().messages();
        if (session.transactions() >= most) {
            return Reply.last(421, "4.7.0", "No more than " + most + " messages in one connection");
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
        var offer = new MailParameters.Offer(
                KEYWORDS, List.of(BodyType.values()), plan.maxMessageBytes(), settings.longestHold());
        return switch (MailParameters.read(path.parameters(), offer, clock.instant())) {
            case MailParameters.Outcome.Malformed(var reply) -> reply;
            case MailParameters.Outcome.TooBig(var refusal) -> session.refused(refusal);
            case MailParameters.Outcome.Understood(var options) -> begin(session, access, path.address(), options);
        };
    }

    private Response begin(SubmissionSession session, Access access, String returnPath, MailOptions options) {
        if (returnPath.isEmpty()) {
            session.begin(new Transaction(Optional.empty(), options));
            return Reply.of(250, "2.1.0", "Null return path OK");
        }
        var from = Address.parse(returnPath);
        if (from.isEmpty()) {
            return Reply.of(501, "5.1.7", "That is not an address");
        }
        if (!options.smtpUtf8() && !Path.isAscii(returnPath)) {
            return Reply.of(553, "5.6.7", "An address outside of ASCII needs MAIL's parameter SMTPUTF8");
        }
        if (!isOwn(access, from.get())) {
            return session.refused(new Refusal.NotYourAddress(from.get().toString()));
        }
        session.begin(new Transaction(from, options));
        return Reply.of(250, "2.1.0", "Sender OK");
    }

    /** Nearly everybody sends as the mailbox's own address: that costs no round trip. */
    private boolean isOwn(Access access, Address from) {
        return from.equals(access.address()) || senders.mayUse(access.mailbox(), from);
    }
}
