package org.postern.smtp;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.Access;
import org.postern.delivery.Submission;
import org.postern.delivery.Submissions;
import org.postern.delivery.SubmitOutcome;
import org.postern.mime.MessageParser;
import org.postern.mime.ParsedMessage;

/** What DATA and BDAT have in common: how a submitted message begins, and what is done with a complete one. */
final class Acceptor {
    private final Submissions submissions;
    private final SenderCheck senders;
    private final TraceFields trace;
    private final SubmissionSettings settings;

    Acceptor(Submissions submissions, SenderCheck senders, TraceFields trace, SubmissionSettings settings) {
        this.submissions = submissions;
        this.senders = senders;
        this.trace = trace;
        this.settings = settings;
    }

    /** The longest silence before a message's first byte. */
    Duration dataPause() {
        return settings.limits().dataPause();
    }

    MessageLimits limits(Access access) {
        var limits = settings.limits();
        return new MessageLimits(
                access.plan().maxMessageBytes(), limits.headerBytes(), limits.textLine(), limits.drainBytes());
    }

    /** The recipients are complete. The caller closes the message. */
    IncomingMessage begin(SubmissionSession session, Access access, Transaction transaction) {
        var traceId = session.newTraceId();
        return IncomingMessage.begin(
                settings.spools(),
                limits(access),
                header -> trace.inFrontOf(header, session, transaction, traceId, access.address()),
                traceId);
    }

    /** @param message finished, without a flaw */
    Response accept(SubmissionSession session, Access access, Transaction transaction, IncomingMessage message) {
        try {
            var parsed = MessageParser.parse(message.bytes());
            var notOwn = senders.problemOf(access, message.header(), parsed.envelope());
            return notOwn.isPresent()
                    ? refused(session, notOwn.get())
                    : submit(session, access, submission(transaction, message, parsed));
        } catch (IOException e) {
            // The spool's disk, not the client: of the connection nothing is read here.
            return session.refused(new IncomingMessage.Flaw.NoRoom(e));
        }
    }

    private static Response refused(SubmissionSession session, SenderCheck.Problem notOwn) {
        return switch (notOwn) {
            case SenderCheck.Problem.NotOwn(var refusal) -> session.refused(refusal);
            case SenderCheck.Problem.Unclear(var why) -> Reply.of(554, "5.6.0", why);
        };
    }

    private static Submission submission(Transaction transaction, IncomingMessage message, ParsedMessage parsed) {
        return new Submission(
                transaction.returnPath(),
                transaction.recipients(),
                message.bytes(),
                parsed,
                transaction.options(),
                message.traceId());
    }

    private Response submit(SubmissionSession session, Access access, Submission submission) throws IOException {
        return switch (submissions.submit(access, submission)) {
            case SubmitOutcome.Accepted(var delivered, var queued) -> {
                session.noted("accepted")
                        .addKeyValue("message", submission.traceId())
                        .addKeyValue("size", submission.bytes().size())
                        .addKeyValue("delivered", delivered)
                        .addKeyValue("queued", queued)
                        .log("accepted {}", submission.traceId());
                yield Reply.of(250, "2.0.0", "Accepted as " + submission.traceId() + held(submission));
            }
            case SubmitOutcome.Refused(var refusal) -> session.refused(refusal);
        };
    }

    private static String held(Submission submission) {
        return Optional.ofNullable(submission.options().parameters().get("HOLDUNTIL"))
                .map(until -> ", held until " + until)
                .orElse("");
    }
}
