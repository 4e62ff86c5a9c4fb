package org.postern.imap.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.SortKey;
import org.postern.imap.command.ThreadAlgorithm;
import org.postern.imap.reply.Code;

/** The order that SORT wants, and how THREAD threads (RFC 5256 §5). */
final class SortGrammar {
    private final Lexer in;
    private final ImapLimits limits;

    SortGrammar(Lexer in, ImapLimits limits) {
        this.in = in;
        this.limits = limits;
    }

    /** {@code sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"}. */
    List<SortKey> criteria() throws Unparsable {
        var criteria = new ArrayList<SortKey>();
        in.expect('(');
        do {
            if (criteria.size() == limits.sortKeys()) {
                throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.sortKeys() + " sort criteria");
            }
            criteria.add(criterion());
        } while (in.take(' '));
        in.expect(')');
        return criteria;
    }

    /** {@code sort-criterion = ["REVERSE" SP] sort-key}. */
    private SortKey criterion() throws Unparsable {
        var word = word();
        boolean reverse = word.equals("REVERSE");
        if (reverse) {
            in.space();
            word = word();
        }
        try {
            return new SortKey(SortKey.By.valueOf(word), reverse);
        } catch (IllegalArgumentException e) {
            throw Unparsable.bad("Unknown sort criterion"); // The JDK's way to say that no constant has that name.
        }
    }

    private String word() throws Unparsable {
        return in.word("sort criterion").toUpperCase(Locale.ROOT);
    }

    /** {@code thread-alg = "ORDEREDSUBJECT" / "REFERENCES"}. */
    ThreadAlgorithm algorithm() throws Unparsable {
        var word = in.word("threading algorithm").toUpperCase(Locale.ROOT);
        try {
            return ThreadAlgorithm.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw Unparsable.bad("Unknown threading algorithm"); // As above.
        }
    }
}
