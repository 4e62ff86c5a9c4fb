package org.postern.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.line.Command;
import org.postern.model.Refusal;
import org.postern.smtp.message.DataReader;
import org.postern.smtp.message.IncomingMessage;

/** DATA (RFC 5321 §4.1.1.4): streams the message into a spool and hands it over. */
public final class DataHandler<S extends SmtpSession> implements Handler<S> {
    private static final Response GO_AHEAD = Reply.plain(354, "Send the message, end with CRLF.CRLF");

    private final MessageTaker<S> taker;

    public DataHandler(MessageTaker<S> taker) {
        this.taker = taker;
    }

    @Override
    public List<String> verbs() {
        return List.of("DATA");
    }

    @Override
    public Response handle(S session, Command command) {
        var refusal = taker.refusal(session);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (command.argument().isPresent()) {
            return Reply.of(501, "5.5.4", "DATA takes no argument");
        }
        if (session.transaction().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send MAIL first");
        }
        var transaction = session.transaction().get();
        if (transaction.message().isPresent()) {
            return Reply.of(503, "5.5.1", "The message comes in chunks: go on with BDAT, or RSET"); // RFC 3030 §2.
        }
        if (transaction.isBinary()) {
            return Reply.of(503, "5.5.1", "A binary message comes by BDAT, not by DATA"); // RFC 3030 §3.
        }
        if (transaction.size() == 0) {
            return Reply.of(554, "5.5.1", "No valid recipients");
        }
        try {
            return receive(session, transaction);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            session.endTransaction(); // Whatever became of it (RFC 5321 §4.1.1.4).
        }
    }

    private Response receive(S session, Transaction transaction) throws IOException {
        try (var message = taker.begin(session, transaction)) {
            var reader = new DataReader(message.sink(), message.limits().mostRead());
            session.transport().writeResponse(GO_AHEAD, session);
            session.transport().awaitBytes(taker.dataPause());
            var in = session.transport().connection().in();
            while (reader.end() == DataReader.End.NOT_YET) {
                in.scan(reader);
            }
            return broken(session, reader, message)
                    .or(() -> message.finish(reader)
                            .map(flaw -> taker.forAll(session, transaction, session.refused(flaw))))
                    .orElseGet(() -> taker.accept(session, transaction, message));
        }
    }

    /** What ends the connection, for nobody can tell where the message would. */
    private Optional<Response> broken(S session, DataReader reader, IncomingMessage message) {
        return switch (reader.end()) {
            case BARE_LINE_END -> {
                session.noted("bare-line-end").log("bare CR or LF in a message");
                yield Optional.of(
                        Reply.last(521, "5.5.2", "Bare CR or LF in the message: lines end with CRLF (RFC 5321 2.3.8)"));
            }
            case ENDLESS ->
                Optional.of(session.refusedAtLast(
                        new Refusal.MessageTooBig(message.limits().maxBytes())));
            case COMPLETE, NOT_YET -> Optional.empty();
        };
    }
}
