package org.postern.imap.search;

import java.io.IOException;
import org.postern.imap.command.SearchKey;

/** What is cheap to know first, and only where that is undecided the other. */
record EitherFacts(Facts cheap, Facts other) implements Facts {
    @Override
    public Verdict header(SearchKey.Header key) {
        var verdict = cheap.header(key);
        return verdict == Verdict.UNDECIDED ? other.header(key) : verdict;
    }

    @Override
    public Verdict sent(SearchKey.Sent key) {
        var verdict = cheap.sent(key);
        return verdict == Verdict.UNDECIDED ? other.sent(key) : verdict;
    }

    @Override
    public Verdict saved(SearchKey.Saved key) {
        var verdict = cheap.saved(key);
        return verdict == Verdict.UNDECIDED ? other.saved(key) : verdict;
    }

    @Override
    public Verdict body(SearchKey.Body key) throws IOException {
        var verdict = cheap.body(key);
        return verdict == Verdict.UNDECIDED ? other.body(key) : verdict;
    }

    @Override
    public Verdict text(SearchKey.Text key) throws IOException {
        var verdict = cheap.text(key);
        return verdict == Verdict.UNDECIDED ? other.text(key) : verdict;
    }
}
