package org.postern.imap.handler.message;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.AppendMessage.Form;
import org.postern.imap.command.AppendMessage.Part;
import org.postern.imap.command.AppendMessage.Source;
import org.postern.imap.grammar.AppendGrammar;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.Refusal;
import org.postern.model.Rights;

/**
 * The messages of one APPEND or REPLACE as they arrive, each in a spool of its own; the first that cannot be taken ends it, and
 * none is stored (RFC 3502 §6.3.11).
 */
final class Arrivals implements AutoCloseable {
    /** The most messages of one APPEND; each may hold its spool's heap. */
    static final int MAX_MESSAGES = 64;

    private final ImapSession session;
    private final Rights rights;
    private final AppendGrammar grammar;
    private final SpoolSettings spools;
    private final UrlParts urls;
    private final InstantSource clock;
    private final long maxBytes;
    private final List<Spool> opened = new ArrayList<>();
    private final List<NewMessage> messages = new ArrayList<>();

    /** @param rights to the folder: other flags are left out (RFC 4314 §4) */
    Arrivals(ImapSession session, Rights rights, SpoolSettings spools, UrlParts urls, InstantSource clock) {
        this.session = session;
        this.rights = rights;
        this.grammar = session.grammar().appended();
        this.maxBytes = Math.min(session.access().plan().maxMessageBytes(), spools.maxBytes());
        this.spools = spools.withMaxBytes(maxBytes);
        this.urls = urls;
        this.clock = clock;
    }

    /** What is known before the client is invited to send. */
    Optional<Reply> refusalOf(AppendMessage announced) {
        return announced.source() instanceof Source.Literal literal
                        && literal.announced().size() > maxBytes
                ? Optional.of(tooBig())
                : Optional.empty();
    }

    private Reply tooBig() {
        return Targets.refused(new Refusal.MessageTooBig(maxBytes), session);
    }

    /**
     * Reads the first message and, where {@code many} allows it, those behind it.
     *
     * @return why not all of them can be taken
     */
    Optional<Reply> readAll(AppendMessage first, boolean many) throws IOException, Unparsable {
        var next = first;
        while (true) {
            var refusal = refusalOf(next).or(this::tooMany);
            if (refusal.isPresent()) {
                return refusal;
            }
            refusal = read(next);
            if (!grammar.hasNext()) {
                return refusal;
            }
            if (refusal.isPresent() || !many) {
                return refusal.or(() -> Optional.of(Reply.bad("Too many arguments")));
            }
            next = grammar.message();
            if (next.source() instanceof Source.Literal literal
                    && literal.announced().size() == 0) {
                return Optional.of(Reply.no("APPEND cancelled")); // RFC 3502 §6.3.11: how a client thinks better of it.
            }
        }
    }

    private Optional<Reply> tooMany() {
        return opened.size() == MAX_MESSAGES
                ? Optional.of(Reply.no(Code.Plain.LIMIT, "At most " + MAX_MESSAGES + " messages at once"))
                : Optional.empty();
    }

    private Optional<Reply> read(AppendMessage message) throws IOException, Unparsable {
        var spool = Spool.in(spools);
        opened.add(spool);
        var arrival = new Arrival(spool);
        var refusal = switch (message.source()) {
            case Source.Literal literal -> read(literal, arrival);
            case Source.Catenated() -> catenate(arrival);
        };
        if (refusal.isEmpty()) {
            spool.finish();
            messages.add(new NewMessage(
                    MessageParser.parse(spool),
                    spool,
                    rights.among(message.flags()),
                    message.internalDate().orElseGet(clock::instant)));
        }
        return refusal;
    }

    private Optional<Reply> read(Source.Literal literal, Arrival arrival) throws IOException, Unparsable {
        session.lexer().readLiteral(literal.announced(), arrival);
        grammar.close(literal.form());
        if (arrival.hasNul()) {
            return Optional.of(
                    literal.form() == Form.PLAIN
                            ? Reply.bad("A message has no NUL (RFC 3501 section 9, CHAR8)")
                            : Reply.no(Code.Plain.UNKNOWN_CTE, "A message with NUL needs a transfer encoding here"));
        }
        return arrival.hasFailed()
                ? Optional.of(Targets.refused(new Refusal.Unavailable(), session))
                : Optional.empty();
    }

    /** Part behind part; no {@code \Seen} is set, and nothing is decoded (RFC 4469 §3). */
    private Optional<Reply> catenate(Arrival arrival) throws IOException, Unparsable {
        long left = maxBytes;
        do {
            switch (grammar.part()) {
                case Part.Text(var literal) -> {
                    left -= literal.announced().size();
                    var refusal = left < 0 ? Optional.of(tooBig()) : read(literal, arrival);
                    if (refusal.isPresent()) {
                        return refusal;
                    }
                }
                case Part.Url(var url) -> {
                    var octets = urls.octets(url, session);
                    if (octets.isEmpty()) {
                        return Optional.of(Reply.no(new Code.BadUrl(url), "No such message or part"));
                    }
                    left -= octets.get().length();
                    if (left < 0) {
                        return Optional.of(tooBig());
                    }
                    octets.get().writeTo(arrival);
                }
            }
        } while (grammar.hasPart());
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
