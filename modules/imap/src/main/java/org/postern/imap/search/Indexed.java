package org.postern.imap.search;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.imap.command.SearchKey;
import org.postern.mailstore.search.SearchIndex;
import org.postern.mailstore.search.SearchIndex.Answers;
import org.postern.mailstore.search.TextQuery;
import org.postern.mailstore.search.TextQuery.Where;
import org.postern.model.MailboxId;

/** What the search index says to the keys of one search. It knows all of BODY and TEXT, of header fields only what is not there. */
final class Indexed {
    private final Map<TextQuery, Answers> answers = new HashMap<>();

    /** Asks the index every key that it can tell something of. */
    Indexed(SearchKey key, SearchIndex index, MailboxId mailbox, long[] contents) {
        Facts.mentions(key, inner -> {
            query(inner)
                    .ifPresent(query -> answers.computeIfAbsent(query, asked -> index.ask(mailbox, contents, asked)));
            return false; // Goes on to the next.
        });
    }

    private static Optional<TextQuery> query(SearchKey key) {
        return switch (key) {
            case SearchKey.Body(var text) -> query(Where.BODY, text);
            case SearchKey.Text(var text) -> query(Where.HEADER_OR_BODY, text);
            case SearchKey.Header header -> query(Where.HEADER, header.text());
            case SearchKey.All _,
                    SearchKey.And _,
                    SearchKey.ChangedFrom _,
                    SearchKey.Flag _,
                    SearchKey.Fuzzy _,
                    SearchKey.HasEmailId _,
                    SearchKey.HasKeyword _,
                    SearchKey.Internal _,
                    SearchKey.Larger _,
                    SearchKey.Not _,
                    SearchKey.Numbers _,
                    SearchKey.Or _,
                    SearchKey.Recent _,
                    SearchKey.Saved _,
                    SearchKey.Sent _,
                    SearchKey.Smaller _,
                    SearchKey.Within _ -> Optional.empty();
        };
    }

    private static Optional<TextQuery> query(Where where, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(new TextQuery(where, text));
    }

    Facts of(long content) {
        return new ContentFacts(content);
    }

    private Verdict verdict(SearchKey key, long content) {
        var known = query(key).map(answers::get).filter(some -> some.knows(content));
        return known.isEmpty() ? Verdict.UNDECIDED : Verdict.of(known.get().holds(content));
    }

    private final class ContentFacts implements Facts {
        private final long content;

        ContentFacts(long content) {
            this.content = content;
        }

        @Override
        public Verdict header(SearchKey.Header key) {
            // That the header holds the text somewhere does not say that this field does.
            return verdict(key, content) == Verdict.NO ? Verdict.NO : Verdict.UNDECIDED;
        }

        @Override
        public Verdict sent(SearchKey.Sent key) {
            return Verdict.UNDECIDED;
        }

        @Override
        public Verdict saved(SearchKey.Saved key) {
            return Verdict.UNDECIDED;
        }

        @Override
        public Verdict body(SearchKey.Body key) {
            return verdict(key, content);
        }

        @Override
        public Verdict text(SearchKey.Text key) {
            return verdict(key, content);
        }
    }
}
