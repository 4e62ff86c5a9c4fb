package org.postern.imap.search;

import java.io.IOException;
import java.util.function.Predicate;
import org.postern.imap.command.SearchKey;

/** What is known of a message's header and text when a key is asked. */
interface Facts {
    Verdict header(SearchKey.Header key);

    Verdict sent(SearchKey.Sent key);

    Verdict saved(SearchKey.Saved key);

    Verdict body(SearchKey.Body key) throws IOException;

    Verdict text(SearchKey.Text key) throws IOException;

    /** Asks {@code other} where these do not know. */
    default Facts or(Facts other) {
        return new EitherFacts(this, other);
    }

    /** Nothing but the snapshot. */
    Facts NONE = new Facts() {
        @Override
        public Verdict header(SearchKey.Header key) {
            return Verdict.UNDECIDED;
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
            return Verdict.UNDECIDED;
        }

        @Override
        public Verdict text(SearchKey.Text key) {
            return Verdict.UNDECIDED;
        }
    };

    /** Whether {@code key} or one within it is such a key. */
    static boolean mentions(SearchKey key, Predicate<SearchKey> such) {
        return such.test(key)
                || switch (key) {
                    case SearchKey.And(var keys) -> keys.stream().anyMatch(inner -> mentions(inner, such));
                    case SearchKey.Or(var one, var other) -> mentions(one, such) || mentions(other, such);
                    case SearchKey.Not(var inner) -> mentions(inner, such);
                    case SearchKey.Fuzzy(var _, var words) -> words.stream().anyMatch(word -> mentions(word, such));
                    case SearchKey.All _,
                            SearchKey.Body _,
                            SearchKey.ChangedFrom _,
                            SearchKey.Flag _,
                            SearchKey.HasEmailId _,
                            SearchKey.HasKeyword _,
                            SearchKey.Header _,
                            SearchKey.Internal _,
                            SearchKey.Larger _,
                            SearchKey.Numbers _,
                            SearchKey.Recent _,
                            SearchKey.Saved _,
                            SearchKey.Sent _,
                            SearchKey.Smaller _,
                            SearchKey.Text _,
                            SearchKey.Within _ -> false;
                };
    }
}
