package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.Progress;
import org.postern.imap.command.Command.Sort;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SortKey;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Scores;
import org.postern.imap.search.Searcher;
import org.postern.imap.sort.Sorter;
import org.postern.imap.view.FolderView;

/** SORT, UID SORT (RFC 5256 §3; with RETURN, RFC 5267 §3.1; by relevancy, RFC 6203 §6). */
public final class SortHandler implements Handler<Sort> {
    private final Searcher searcher;
    private final Sorter sorter;

    public SortHandler(Searcher searcher, Sorter sorter) {
        this.searcher = searcher;
        this.sorter = sorter;
    }

    @Override
    public Reply handle(Sort sort, ImapSession session) throws IOException {
        var program = sort.program();
        boolean ranks = sort.order().stream().anyMatch(key -> key.by() == SortKey.By.RELEVANCY);
        var refusal = SearchRules.refusal(program, ranks, session);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var view = session.selected();
        var key = program.key().orElseThrow();
        boolean asksModseq = SearchRules.asksModseq(key, session);
        var progress = session.progress();
        var matching = searcher.search(key, view, progress);
        var scores = scores(ranks || program.ranks(), key, matching, view, progress);
        var sorted = sorter.sorted(matching, sort.order(), scores, view, progress);
        var result = new Result(
                program,
                sorted,
                scores,
                sort.answer(),
                Optional.of((some, now, quietly) ->
                        sorter.sorted(some, sort.order(), scores(ranks, key, some, now, quietly), now, quietly)));
        return program.options().isPresent()
                ? result.extended(searcher, session, "SORT completed")
                : Reply.ok(List.of(result.found(session).sorted(asksModseq)), "SORT completed");
    }

    private Scores scores(boolean ranks, SearchKey key, int[] matching, FolderView view, Progress progress)
            throws IOException {
        return ranks ? searcher.scores(key, matching, view, progress) : Scores.NONE;
    }
}
