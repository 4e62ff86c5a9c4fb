package org.postern.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.Access;
import org.postern.delivery.Submission;
import org.postern.delivery.Submissions;
import org.postern.delivery.SubmitOutcome;
import org.postern.line.Command;
import org.postern.mime.MessageParser;
import org.postern.mime.Spool;
import org.postern.model.Refusal;

/** DATA (RFC 5321 §4.1.1.4): streams the message into a spool and hands it over; 250 means that it is committed. */
final class DataHandler implements Handler {
    private static final Response GO_AHEAD = Reply.plain(354, "Send the message, end with CRLF.CRLF");

    private final Submissions submissions;
    private final SenderCheck senders;
    private final TraceFields trace;
    private final SubmissionSettings settings;

    DataHandler(Submissions submissions, SenderCheck senders, TraceFields trace, SubmissionSettings settings) {
        this.submissions = submissions;
        this.senders = senders;
        this.trace = trace;
        this.settings = settings;
    }

    @Override
    public List<String> verbs() {
        return List.of("DATA");
    }

    @Override
    public Response handle(SubmissionSession session, Command command) {
        if (session.access().isEmpty()) {
            return Reply.of(530, "5.7.0", "Authentication required");
        }
        if (command.argument().isPresent()) {
            return Reply.of(501, "5.5.4", "DATA takes no argument");
        }
        if (session.transaction().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send MAIL first");
        }
        var transaction = session.transaction().get();
        if (transaction.size() == 0) {
            return Reply.of(554, "5.5.1", "No valid recipients");
        }
        try {
            return receive(session, session.access().get(), transaction);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            session.endTransaction(); // Whatever became of it (RFC 5321 §4.1.1.4).
        }
    }

    private Response receive(SubmissionSession session, Access access, Transaction transaction) throws IOException {
        var limits = settings.limits();
        long max = access.plan().maxMessageBytes();
        var traceId = session.newTraceId();
        var sender = TraceFields.senderOf(transaction, access.address());
        // The limit is of what the client sends; what we add goes on top.
        try (var spool =
                Spool.in(settings.spools().withMaxBytes(Math.min(Integer.MAX_VALUE, max + limits.headerBytes())))) {
            var intake = new MessageIntake(
                    spool,
                    header -> trace.inFrontOf(header, session, transaction, traceId, sender),
                    max,
                    limits.headerBytes());
            var reader = new DataReader(intake, max + limits.drainBytes());
            session.transport().writeResponse(GO_AHEAD, session);
            session.transport().awaitBytes(limits.dataPause());
            var in = session.transport().connection().in();
            while (reader.end() == DataReader.End.NOT_YET) {
                in.scan(reader);
            }
            return problem(session, reader, intake, max)
                    .orElseGet(() -> handOver(session, access, transaction, spool, intake.header(), traceId));
        }
    }

    private Optional<Response> problem(SubmissionSession session, DataReader reader, MessageIntake intake, long max) {
        switch (reader.end()) {
            case BARE_LINE_END -> {
                session.noted("bare-line-end").log("bare CR or LF in a message");
                return Optional.of(
                        Reply.last(521, "5.5.2", "Bare CR or LF in the message: lines end with CRLF (RFC 5321 2.3.8)"));
            }
            case ENDLESS -> {
                return Optional.of(session.refusedAtLast(new Refusal.MessageTooBig(max)));
            }
            case COMPLETE, NOT_YET -> {}
        }
        var kept = intake.finish();
        if (kept.isPresent()) {
            return Optional.of(reply(session, kept.get(), intake, max));
        }
        if (reader.hasNul()) {
            return Optional.of(Reply.of(554, "5.6.0", "The message has NUL bytes (RFC 5321 4.5.2)"));
        }
        int longest = settings.limits().textLine();
        if (reader.longestLine() > longest) {
            return Optional.of(Reply.of(554, "5.6.0", "The message has a line of more than " + longest + " bytes"));
        }
        return Optional.empty();
    }

    private Response reply(SubmissionSession session, MessageIntake.Problem problem, MessageIntake intake, long max) {
        return switch (problem) {
            case TOO_BIG -> session.refused(new Refusal.MessageTooBig(max));
            case HEADER_TOO_LONG ->
                Reply.of(
                        552,
                        "5.3.4",
                        "The header has more than " + settings.limits().headerBytes() + " bytes");
            case NO_ROOM -> {
                session.noted("no-room").log("a message cannot be spooled: {}", intake.failure());
                yield Reply.of(452, "4.3.1", "No room for the message right now. Try again later.");
            }
        };
    }

    private Response handOver(
            SubmissionSession session,
            Access access,
            Transaction transaction,
            Spool spool,
            SubmittedHeader header,
            String traceId) {
        try {
            var parsed = MessageParser.parse(spool);
            var notOwn = senders.problemOf(access, header, parsed.envelope());
            if (notOwn.isPresent()) {
                return switch (notOwn.get()) {
                    case SenderCheck.Problem.NotOwn(var refusal) -> session.refused(refusal);
                    case SenderCheck.Problem.Unclear(var why) -> Reply.of(554, "5.6.0", why);
                };
            }
            var submission = new Submission(
                    transaction.returnPath(), transaction.recipients(), spool, parsed, transaction.bodyType(), traceId);
            return switch (submissions.submit(access, submission)) {
                case SubmitOutcome.Accepted(var delivered, var queued) -> {
                    session.noted("accepted")
                            .addKeyValue("message", traceId)
                            .addKeyValue("size", spool.size())
                            .addKeyValue("delivered", delivered)
                            .addKeyValue("queued", queued)
                            .log("accepted {}", traceId);
                    yield Reply.of(250, "2.0.0", "Accepted as " + traceId);
                }
                case SubmitOutcome.Refused(var refusal) -> session.refused(refusal);
            };
        } catch (IOException e) {
            // The spool's disk, not the client: of the connection nothing is read here.
            session.noted("no-room").log("a spooled message cannot be read: {}", e.toString());
            return Reply.of(452, "4.3.1", "The message could not be kept. Try again later.");
        }
    }
}
