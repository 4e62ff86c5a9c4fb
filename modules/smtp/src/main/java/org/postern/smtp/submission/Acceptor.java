package org.postern.smtp.submission;

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
import org.postern.smtp.MessageTaker;
import org.postern.smtp.Reply;
import org.postern.smtp.Transaction;
import org.postern.smtp.message.IncomingMessage;
import org.postern.smtp.message.MessageLimits;

/** How a submitted message begins, and what is done with a complete one; 250 means that it is committed. */
final class Acceptor implements MessageTaker<SubmissionSession> {
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

    @Override
    public Optional<Response> refusal(SubmissionSession session) {
        return session.access().isEmpty()
                ? Optional.of(Reply.of(530, "5.7.0", "Authentication required"))
                : Optional.empty();
    }

    @Override
    public Duration dataPause() {
        return settings.limits().dataPause();
    }

    @Override
    public MessageLimits limits(SubmissionSession session) {
        var limits = settings.limits();
        return new MessageLimits(
                session.maxMessageBytes(), limits.headerBytes(), limits.textLine(), limits.drainBytes());
    }

    @Override
    public IncomingMessage begin(SubmissionSession session, Transaction transaction) {
        var own = session.access().orElseThrow().address();
        var traceId = session.newTraceId();
        return IncomingMessage.begin(
                settings.spools(),
                limits(session),
                trace.edit(session, transaction, traceId, own),
                transaction.isBinary(),
                traceId);
    }

    @Override
    public Response accept(SubmissionSession session, Transaction transaction, IncomingMessage message) {
        var access = session.access().orElseThrow();
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
                message.header().fields(TraceFields.BLIND_COPIES),
                transaction.options().asText(),
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
