package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Sort;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Found;
import org.postern.imap.search.Searcher;
import org.postern.imap.sort.Sorter;

/** SORT, UID SORT (RFC 5256 §3; with RETURN, RFC 5267 §3.1). */
public final class SortHandler implements Handler<Sort> {
    private final Searcher searcher;
    private final Sorter sorter;

    public SortHandler(Searcher searcher, Sorter sorter) {
        this.searcher = searcher;
        this.sorter = sorter;
    }

    @Override
    public Reply handle(Sort sort, ImapSession session) throws IOException {
        var view = session.selected();
        var key = sort.program().key();
        if (key.isEmpty()) {
            return SearchHandler.unknownCharset(sort.program(), session);
        }
        if (SearchHandler.namesSequences(key.get(), session)) {
            return Targets.uidRequired();
        }
        boolean asksModseq = SearchHandler.asksModseq(key.get(), session);
        var progress = session.progress();
        var matching = searcher.search(key.get(), view, progress);
        var sorted = sorter.sorted(matching, sort.order(), view, progress);
        var found = new Found(sorted, view.told(), sort.answer());
        return sort.program().options().isPresent()
                ? SearchHandler.extended(sort.program(), found, session, "SORT completed")
                : Reply.ok(List.of(found.sorted(asksModseq)), "SORT completed");
    }
}
