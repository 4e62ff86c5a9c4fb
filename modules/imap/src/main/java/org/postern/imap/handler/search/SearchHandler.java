package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Search;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Scores;
import org.postern.imap.search.Searcher;

/** SEARCH, UID SEARCH (RFC 3501 §6.4.4, RFC 4731); with MODSEQ asked about, the highest comes along (RFC 7162 §3.1.5). */
public final class SearchHandler implements Handler<Search> {
    private final Searcher searcher;

    public SearchHandler(Searcher searcher) {
        this.searcher = searcher;
    }

    @Override
    public Reply handle(Search search, ImapSession session) throws IOException {
        var program = search.program();
        var refusal = SearchRules.refusal(program, false, session);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var view = session.selected();
        var key = program.key().orElseThrow();
        boolean asksModseq = SearchRules.asksModseq(key, session);
        var progress = session.progress();
        var matching = searcher.search(key, view, progress);
        var scores = program.ranks() ? searcher.scores(key, matching, view, progress) : Scores.NONE;
        var result = new Result(program, matching, scores, search.answer(), Optional.empty());
        // Rev2 knows no other answer (RFC 9051 §6.4.4).
        return program.options().isPresent() || session.features().has(Feature.IMAP4REV2)
                ? result.extended(searcher, session, "SEARCH completed")
                : Reply.ok(List.of(result.found(session).plain(asksModseq)), "SEARCH completed");
    }
}
