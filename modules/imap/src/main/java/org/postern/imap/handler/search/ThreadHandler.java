package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Threading;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Searcher;
import org.postern.imap.sort.Sorter;

/** THREAD, UID THREAD (RFC 5256 §3). */
public final class ThreadHandler implements Handler<Threading> {
    private final Searcher searcher;
    private final Sorter sorter;

    public ThreadHandler(Searcher searcher, Sorter sorter) {
        this.searcher = searcher;
        this.sorter = sorter;
    }

    @Override
    public Reply handle(Threading thread, ImapSession session) throws IOException {
        var refusal = SearchRules.refusal(thread.program(), false, session);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var view = session.selected();
        var key = thread.program().key().orElseThrow();
        var progress = session.progress();
        var matching = searcher.search(key, view, progress);
        var threads = sorter.threads(matching, thread.algorithm(), view, progress);
        boolean byUid = thread.answer() == NumberSet.Kind.UID;
        var response = threads.response(index -> byUid ? view.told().uid(index) : index + 1L);
        return Reply.ok(List.of(response), "THREAD completed");
    }
}
