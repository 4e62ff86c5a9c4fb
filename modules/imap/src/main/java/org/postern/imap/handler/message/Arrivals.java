package org.postern.imap.handler.message;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.AppendMessage.Form;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.Spool;
import org.postern.mime.SpoolSettings;
import org.postern.model.Refusal;

/**
 * The messages of one APPEND or REPLACE as they arrive, each in a spool of its own; the first that cannot be taken ends it, and
 * none is stored (RFC 3502 §6.3.11).
 */
final class Arrivals implements AutoCloseable {
    /** The most messages of one APPEND; each may hold its spool's heap. */
    static final int MAX_MESSAGES = 64;

    private final ImapSession session;
    private final SpoolSettings spools;
    private final long maxBytes;
    private final List<Spool> opened = new ArrayList<>();
    private final List<NewMessage> messages = new ArrayList<>();

    Arrivals(ImapSession session, SpoolSettings spools) {
        this.session = session;
        this.maxBytes = Math.min(session.access().plan().maxMessageBytes(), spools.maxBytes());
        this.spools = spools.withMaxBytes(maxBytes);
    }

    /** What is known before the client is invited to send. */
    Optional<Reply> refusalOf(AppendMessage announced) {
        return announced.literal().size() > maxBytes
                ? Optional.of(Targets.refused(new Refusal.MessageTooBig(maxBytes), session))
                : Optional.empty();
    }

    /**
     * Reads the first message and, where {@code many} allows it, those behind it.
     *
     * @return why not all of them can be taken
     */
    Optional<Reply> readAll(AppendMessage first, boolean many, InstantSource clock) throws IOException, Unparsable {
        var grammar = session.grammar().appended();
        var next = first;
        while (true) {
            var refusal = refusalOf(next).or(this::tooMany);
            if (refusal.isPresent()) {
                return refusal;
            }
            refusal = read(next, clock);
            if (!grammar.hasNext(next.form())) {
                return refusal;
            }
            if (refusal.isPresent() || !many) {
                return refusal.or(() -> Optional.of(Reply.bad("Too many arguments")));
            }
            next = grammar.message();
            if (next.literal().size() == 0) {
                return Optional.of(Reply.no("APPEND cancelled")); // RFC 3502 §6.3.11: how a client thinks better of it.
            }
        }
    }

    private Optional<Reply> tooMany() {
        return opened.size() == MAX_MESSAGES
                ? Optional.of(Reply.no(Code.Plain.LIMIT, "At most " + MAX_MESSAGES + " messages at once"))
                : Optional.empty();
    }

    private Optional<Reply> read(AppendMessage message, InstantSource clock) throws IOException {
        var spool = Spool.in(spools);
        opened.add(spool);
        var arrival = new Arrival(spool);
        session.lexer().readLiteral(message.literal(), arrival);
        if (arrival.hasNul()) {
            return Optional.of(
                    message.form() == Form.PLAIN
                            ? Reply.bad("A message has no NUL (RFC 3501 section 9, CHAR8)")
                            : Reply.no(Code.Plain.UNKNOWN_CTE, "A message with NUL needs a transfer encoding here"));
        }
        if (arrival.hasFailed()) {
            return Optional.of(Targets.refused(new Refusal.Unavailable(), session));
        }
        spool.finish();
        messages.add(new NewMessage(
                MessageParser.parse(spool),
                spool,
                message.flags(),
                message.internalDate().orElseGet(clock::instant)));
        return Optional.empty();
    }

    List<NewMessage> messages() {
        return messages;
    }

    @Override
    public void close() throws IOException {
        for (var spool : opened) {
            spool.close();
        }
    }
}
