package org.postern.imap.grammar;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.Resync;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** The parameters and modifiers of CONDSTORE and QRESYNC (RFC 7162 §7). */
final class SyncGrammar {
    private final Lexer in;
    private final CommonGrammar common;

    SyncGrammar(Lexer in, CommonGrammar common) {
        this.in = in;
        this.common = common;
    }

    /** What SELECT and EXAMINE were given besides the folder. */
    record SelectParams(boolean condstore, Optional<Resync> resync) {}

    /** {@code select-params = SP "(" select-param *(SP select-param) ")"}, each at most once. */
    SelectParams selectParams() throws Unparsable {
        boolean condstore = false;
        Optional<Resync> resync = Optional.empty();
        if (in.take(' ')) {
            in.expect('(');
            do {
                var word = in.word("parameter").toUpperCase(Locale.ROOT);
                if (word.equals("CONDSTORE") && !condstore) {
                    condstore = true;
                } else if (word.equals("QRESYNC") && resync.isEmpty()) {
                    resync = Optional.of(resync());
                } else {
                    throw Unparsable.bad("Unknown or repeated parameter");
                }
            } while (in.take(' '));
            in.expect(')');
        }
        return new SelectParams(condstore, resync);
    }

    /** {@code SP "(" uidvalidity SP mod-sequence-value [SP known-uids] [SP seq-match-data] ")"}. */
    private Resync resync() throws Unparsable {
        in.space();
        in.expect('(');
        var validity = new UidValidity(in.nzNumber());
        in.space();
        var modseq = modSequenceValue();
        Optional<UidSet> known = Optional.empty();
        Optional<Resync.Anchors> anchors = Optional.empty();
        boolean more = in.take(' ');
        if (more && !in.peek('(')) {
            known = Optional.of(numbers());
            more = in.take(' ');
        }
        if (more) {
            anchors = Optional.of(seqMatchData());
        }
        in.expect(')');
        return new Resync(validity, modseq, known, anchors);
    }

    /** {@code seq-match-data = "(" known-sequence-set SP known-uid-set ")"}. */
    private Resync.Anchors seqMatchData() throws Unparsable {
        in.expect('(');
        var numbers = numbers();
        in.space();
        var uids = numbers();
        in.expect(')');
        if (numbers.size() != uids.size()) {
            throw Unparsable.bad("The sequence match data have as many numbers as UIDs");
        }
        return new Resync.Anchors(numbers, uids);
    }

    /** A {@code sequence-set} in which {@code *} is not allowed. */
    private UidSet numbers() throws Unparsable {
        var set = common.sequenceSet(NumberSet.Kind.UID);
        if (set.ranges().isEmpty() || set.ranges().stream().anyMatch(NumberSet.Range::hasStar)) {
            throw Unparsable.bad("Only numbers that the client knows are allowed here");
        }
        return set.numbers(NumberSet.STAR);
    }

    /** {@code ["(" "UNCHANGEDSINCE" SP mod-sequence-valzer ")" SP]}. */
    Optional<Modseq> storeModifiers() throws Unparsable {
        if (!in.take('(')) {
            return Optional.empty();
        }
        if (!in.word("modifier").equalsIgnoreCase("UNCHANGEDSINCE")) {
            throw Unparsable.bad("Unknown modifier");
        }
        in.space();
        var since = new Modseq(in.number64());
        in.expect(')');
        in.space();
        return Optional.of(since);
    }

    /**
     * {@code [entry-name SP entry-type-req SP] mod-sequence-valzer}: as a message has one modseq for all that can change,
     * the entry is passed over (§3.1.5).
     */
    Modseq searchModseq() throws Unparsable, IOException {
        if (!in.isDigitNext()) {
            var _ = in.string();
            in.space();
            switch (in.word("entry type").toLowerCase(Locale.ROOT)) {
                case "priv", "shared", "all" -> in.space();
                default -> throw Unparsable.bad("Unknown entry type");
            }
        }
        return new Modseq(in.number64());
    }

    /** {@code mod-sequence-value}: not zero. */
    Modseq modSequenceValue() throws Unparsable {
        long value = in.number64();
        if (value == 0) {
            throw Unparsable.bad("Zero is no mod-sequence here");
        }
        return new Modseq(value);
    }
}
