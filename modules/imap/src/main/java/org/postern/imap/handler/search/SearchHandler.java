package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.List;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Search;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SearchProgram;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Found;
import org.postern.imap.search.Searcher;
import org.postern.model.UidSet;

/** SEARCH, UID SEARCH (RFC 3501 §6.4.4, RFC 4731); with MODSEQ asked about, the highest comes along (RFC 7162 §3.1.5). */
public final class SearchHandler implements Handler<Search> {
    private final Searcher searcher;

    public SearchHandler(Searcher searcher) {
        this.searcher = searcher;
    }

    @Override
    public Reply handle(Search search, ImapSession session) throws IOException {
        var view = session.selected();
        var key = search.program().key();
        if (key.isEmpty()) {
            return unknownCharset(search.program(), session);
        }
        if (namesSequences(key.get(), session)) {
            return Targets.uidRequired();
        }
        boolean asksModseq = asksModseq(key.get(), session);
        var found = new Found(searcher.search(key.get(), view, session.progress()), view.told(), search.answer());
        // Rev2 knows no other answer (RFC 9051 §6.4.4).
        return search.program().options().isPresent() || session.features().has(Feature.IMAP4REV2)
                ? extended(search.program(), found, session, "SEARCH completed")
                : Reply.ok(List.of(found.plain(asksModseq)), "SEARCH completed");
    }

    /** Whether it names messages in a way that the client has given up (RFC 9586 §3.2). */
    static boolean namesSequences(SearchKey key, ImapSession session) {
        return session.features().has(Feature.UIDONLY) && Searcher.namesSequences(key);
    }

    /** Whether the highest modseq comes along; from then on the client knows of modseqs (RFC 7162 §3.1). */
    static boolean asksModseq(SearchKey key, ImapSession session) {
        boolean asks = Searcher.asksModseq(key);
        if (asks) {
            session.features().enable(Feature.CONDSTORE);
        }
        return asks;
    }

    /** ESEARCH, and {@code $} for the commands that follow. */
    static Reply extended(SearchProgram program, Found found, ImapSession session, String text) {
        var options = program.options().orElse(ReturnOptions.ALL);
        if (program.saves()) {
            session.selected().save(found.saved(options));
        }
        boolean asksModseq = program.key().map(Searcher::asksModseq).orElse(false);
        return Reply.ok(
                found.response(session.tag(), options, asksModseq).stream().toList(), text);
    }

    /** A search that was to be saved and is refused leaves {@code $} empty (RFC 5182 §2.1). */
    static Reply unknownCharset(SearchProgram program, ImapSession session) {
        if (program.saves()) {
            session.selected().save(UidSet.empty());
        }
        return Reply.no(new Code.BadCharset(List.of("US-ASCII", "UTF-8")), "Unknown charset");
    }
}
