package org.postern.imap.handler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Search;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.imap.search.Searcher;

/** SEARCH, UID SEARCH (RFC 3501 §6.4.4). */
public final class SearchHandler implements Handler<Search> {
    private final Searcher searcher;

    public SearchHandler(Searcher searcher) {
        this.searcher = searcher;
    }

    @Override
    public Reply handle(Search search, ImapSession session) throws IOException {
        var view = session.selected();
        var numbers = new ArrayList<Long>();
        var told = view.told();
        for (int index : searcher.search(search.key(), view, session.access())) {
            numbers.add(search.answer() == NumberSet.Kind.UID ? told.uid(index) : index + 1L);
        }
        return Reply.ok(List.of(new Untagged.Search(numbers)), "SEARCH completed");
    }
}
