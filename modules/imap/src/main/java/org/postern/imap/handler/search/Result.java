package org.postern.imap.handler.search;

import java.util.ArrayList;
import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.command.SearchProgram;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.search.Found;
import org.postern.imap.search.Scores;
import org.postern.imap.search.Searcher;
import org.postern.imap.search.UpdatedSearch;
import org.postern.imap.search.UpdatedSearch.Ordering;

/**
 * What a search of the selected folder has found.
 *
 * @param messages by index in the told snapshot, in the order of the result
 * @param kind what the client wants to hear
 * @param ordering of SORT
 */
@SuppressWarnings("ArrayRecordComponent") // Made once, never compared.
record Result(SearchProgram program, int[] messages, Scores scores, NumberSet.Kind kind, Optional<Ordering> ordering) {
    Found found(ImapSession session) {
        return new Found(messages, session.selected().told(), kind, scores);
    }

    /** ESEARCH, {@code $} for the commands that follow, and updates from now on. */
    Reply extended(Searcher searcher, ImapSession session, String text) {
        var options = program.options().orElse(ReturnOptions.ALL);
        var found = found(session);
        if (program.saves()) {
            session.selected().save(found.saved(options));
        }
        boolean asksModseq = program.key().map(Searcher::asksModseq).orElse(false);
        var untagged = new ArrayList<Untagged>();
        found.response(session.tag(), options, asksModseq).ifPresent(untagged::add);
        refusedUpdates(searcher, session).ifPresent(untagged::add);
        return Reply.ok(untagged, text);
    }

    /** Has the client told of changes where it wants that; or says that it will not be (RFC 5267 §4.3.1). */
    Optional<Untagged> refusedUpdates(Searcher searcher, ImapSession session) {
        var fetched = program.options().flatMap(ReturnOptions::update);
        if (fetched.isEmpty() || program.key().isEmpty()) {
            return Optional.empty();
        }
        var search = new UpdatedSearch(
                session.tag(),
                program.key().get(),
                kind,
                fetched.get(),
                searcher::search,
                ordering,
                messages,
                session.selected());
        return session.searches().add(search)
                ? Optional.empty()
                : Optional.of(new Untagged.Note(
                        Tagged.no(new Code.NoUpdate(session.tag()), "Too many searches are updated already")));
    }
}
