package org.postern.imap.command;

import java.time.LocalDate;
import java.util.List;
import org.postern.model.Keyword;
import org.postern.model.Modseq;
import org.postern.model.SystemFlag;

/** One search key (RFC 3501 §6.4.4, §9 {@code search-key}). */
public sealed interface SearchKey {
    record All() implements SearchKey {}

    /** Every one of the keys: a parenthesised list, and the keys of the command itself. */
    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = List.copyOf(keys);
        }
    }

    record Or(SearchKey one, SearchKey other) implements SearchKey {}

    record Not(SearchKey key) implements SearchKey {}

    /**
     * {@code FUZZY} before a key that looks for text (RFC 6203 §3): more than half of the words are there, in any order.
     *
     * @param exact the key itself
     * @param words the same for each word; at least one
     */
    record Fuzzy(SearchKey exact, List<SearchKey> words) implements SearchKey {
        public Fuzzy {
            words = List.copyOf(words);
        }

        /** How many of the words a message must have. */
        public int needed() {
            return words.size() / 2 + 1;
        }
    }

    record Flag(SystemFlag flag) implements SearchKey {}

    record HasKeyword(Keyword keyword) implements SearchKey {}

    /** {@code RECENT}: recent to this session. */
    record Recent() implements SearchKey {}

    /** A {@code sequence-set}, or {@code UID sequence-set}. */
    record Numbers(NumberSet set) implements SearchKey {}

    record Larger(long bytes) implements SearchKey {}

    record Smaller(long bytes) implements SearchKey {}

    /** {@code BEFORE}, {@code ON}, {@code SINCE}: the internal date, its time and zone disregarded. */
    record Internal(When when, LocalDate date) implements SearchKey {}

    /** {@code SENTBEFORE}, {@code SENTON}, {@code SENTSINCE}: the Date header, its time and zone disregarded. */
    record Sent(When when, LocalDate date) implements SearchKey {}

    /** {@code OLDER}, {@code YOUNGER}: the internal date, to the second (RFC 5032 §2). */
    record Within(boolean younger, long seconds) implements SearchKey {}

    /** {@code HEADER name text}, and {@code FROM}, {@code SUBJECT} … for short; empty text asks only for the field. */
    record Header(String name, String text) implements SearchKey {}

    /** {@code BODY}: the text of the message without its header. */
    record Body(String text) implements SearchKey {}

    /** {@code TEXT}: header or body. */
    record Text(String text) implements SearchKey {}

    /** {@code MODSEQ}: changed at {@code from} or after, whatever it was that changed (RFC 7162 §3.1.5). */
    record ChangedFrom(Modseq from) implements SearchKey {}

    /** {@code SAVEDBEFORE}, {@code SAVEDON}, {@code SAVEDSINCE}: when the message came into its folder (RFC 8514 §4.3). */
    record Saved(When when, LocalDate date) implements SearchKey {}

    /** {@code EMAILID} (RFC 8474 §5.3). */
    record HasEmailId(String id) implements SearchKey {}

    /** How a date compares. */
    enum When {
        BEFORE,
        ON,
        SINCE;

        public boolean holds(LocalDate messageDate, LocalDate asked) {
            return switch (this) {
                case BEFORE -> messageDate.isBefore(asked);
                case ON -> messageDate.equals(asked);
                case SINCE -> !messageDate.isBefore(asked);
            };
        }
    }
}
