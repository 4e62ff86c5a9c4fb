package org.postern.imap.handler.search;

import java.util.List;
import java.util.Optional;
import org.postern.imap.Feature;
import org.postern.imap.ImapSession;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SearchProgram;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.search.Searcher;
import org.postern.model.UidSet;

/** What every search is refused for, whatever command it is part of. */
final class SearchRules {
    private SearchRules() {}

    /** @param ranks whether the command orders by relevancy */
    static Optional<Reply> refusal(SearchProgram program, boolean ranks, ImapSession session) {
        if (program.options().flatMap(ReturnOptions::update).isPresent()
                && session.searches().has(session.tag())) {
            return Optional.of(Reply.bad("Tag reuse: a search of that tag is updated (RFC 5267 section 4.3)"));
        }
        if (program.key().isEmpty()) {
            return Optional.of(unknownCharset(program, session));
        }
        var key = program.key().get();
        if ((ranks || program.ranks()) && !Searcher.isFuzzy(key)) {
            return Optional.of(Reply.bad("RELEVANCY needs FUZZY (RFC 6203 section 4)"));
        }
        // In a way that the client has given up (RFC 9586 §3.2).
        return session.features().has(Feature.UIDONLY) && Searcher.namesSequences(key)
                ? Optional.of(Targets.uidRequired())
                : Optional.empty();
    }

    /** A search that was to be saved and is refused leaves {@code $} empty (RFC 5182 §2.1). */
    private static Reply unknownCharset(SearchProgram program, ImapSession session) {
        if (program.saves()) {
            session.selectedIfAny().ifPresent(view -> view.save(UidSet.empty()));
        }
        return Reply.no(new Code.BadCharset(List.of("US-ASCII", "UTF-8")), "Unknown charset");
    }

    /** Whether the highest modseq comes along; from then on the client knows of modseqs (RFC 7162 §3.1). */
    static boolean asksModseq(SearchKey key, ImapSession session) {
        boolean asks = Searcher.asksModseq(key);
        if (asks) {
            session.features().enable(Feature.CONDSTORE);
        }
        return asks;
    }
}
