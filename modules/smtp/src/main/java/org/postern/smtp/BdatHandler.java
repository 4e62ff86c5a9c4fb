package org.postern.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.line.Command;
import org.postern.model.Refusal;
import org.postern.smtp.message.ChunkReader;
import org.postern.smtp.message.IncomingMessage;

/**
 * BDAT (RFC 3030 §2): the message in chunks of announced length, into the same spool as DATA's, under the same bounds.
 *
 * <p>A chunk that is not wanted is read past, or its bytes would be taken for commands; where its length is not to be known, or
 * no client of ours would send it, the connection is closed instead.
 */
public final class BdatHandler<S extends SmtpSession> implements Handler<S>, EhloExtension {
    /** {@code chunk-size} of a message of ours. */
    private static final int MAX_DIGITS = 10;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final MessageTaker<S> taker;

    public BdatHandler(MessageTaker<S> taker) {
        this.taker = taker;
    }

    @Override
    public List<String> verbs() {
        return List.of("BDAT");
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session instanceof SmtpSession ours && ours.mayBegin() ? List.of("CHUNKING") : List.of();
    }

    /** @param last whether the message ends with it */
    private record Chunk(long size, boolean last) {
        static Optional<Chunk> parse(String argument) {
            var words = argument.split(" ", -1);
            var size = words[0];
            boolean isNumber = !size.isEmpty()
                    && size.length() <= MAX_DIGITS
                    && size.chars().allMatch(c -> c >= '0' && c <= '9');
            boolean last =
                    words.length == 2 && words[1].toUpperCase(Locale.ROOT).equals("LAST");
            return isNumber && (last || words.length == 1)
                    ? Optional.of(new Chunk(Long.parseLong(size), last))
                    : Optional.empty();
        }
    }

    @Override
    public Response handle(S session, Command command) {
        var refusal = taker.refusal(session);
        if (refusal.isPresent()) {
            return Reply.last(refusal.get());
        }
        var chunk = Chunk.parse(command.argument().orElse(""));
        if (chunk.isEmpty()) {
            return Reply.last(501, "5.5.4", "Usage: BDAT size [LAST]");
        }
        try {
            return take(session, chunk.get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Response take(S session, Chunk chunk) throws IOException {
        if (session.transaction().isEmpty()) {
            return skip(session, chunk, Reply.of(503, "5.5.1", "Send MAIL first"));
        }
        var transaction = session.transaction().get();
        if (transaction.size() == 0) {
            return skip(session, chunk, Reply.of(554, "5.5.1", "No valid recipients"));
        }
        var message = transaction.message().orElseGet(() -> {
            var begun = taker.begin(session, transaction);
            transaction.comesInChunks(begun);
            return begun;
        });
        if (message.received() + chunk.size() > message.limits().mostRead()) {
            return session.refusedAtLast(
                    new Refusal.MessageTooBig(message.limits().maxBytes()));
        }
        var reader = transaction.chunks();
        read(session, chunk, reader);
        if (chunk.last()) {
            return finish(session, transaction, message, reader);
        }
        return message.flawSoFar()
                .map(flaw -> {
                    session.endTransaction(); // The chunks that may follow find none, and are read past.
                    return session.refused(flaw);
                })
                .orElseGet(() -> Reply.of(250, "2.0.0", chunk.size() + " octets received"));
    }

    private void read(S session, Chunk chunk, ChunkReader reader) throws IOException {
        reader.expect(chunk.size());
        if (!reader.isComplete()) {
            session.transport().awaitBytes(taker.dataPause());
        }
        var in = session.transport().connection().in();
        while (!reader.isComplete()) {
            in.scan(reader);
        }
    }

    private Response finish(S session, Transaction transaction, IncomingMessage message, ChunkReader reader) {
        try {
            if (!transaction.isBinary() && !reader.endsWithLine()) {
                message.sink().take(LINE_END, 0, LINE_END.length); // As DATA, or the next host's DATA, would.
            }
            return message.finish(reader)
                    .map(flaw -> taker.forAll(session, transaction, session.refused(flaw)))
                    .orElseGet(() -> taker.accept(session, transaction, message));
        } finally {
            session.endTransaction();
        }
    }

    private Response skip(S session, Chunk chunk, Response reply) throws IOException {
        var limits = taker.limits(session);
        if (chunk.size() > limits.mostRead()) {
            return session.refusedAtLast(new Refusal.MessageTooBig(limits.maxBytes()));
        }
        session.transport().connection().in().skip(chunk.size());
        return reply;
    }
}
