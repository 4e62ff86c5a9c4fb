package org.postern.imap.search;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.IdentityHashMap;
import java.util.List;
import org.postern.imap.command.SearchKey;
import org.postern.imap.reply.ObjectIds;
import org.postern.imap.view.FolderView;
import org.postern.imap.view.Selection;
import org.postern.mailstore.FolderSnapshot;

/** Asks a search key of one message after the other (RFC 3501 §6.4.4). Made for one search, of one snapshot. */
final class Matcher {
    private final SearchKey key;
    private final FolderView view;
    private final FolderSnapshot told;
    private final Instant now;
    /** Number sets, resolved once; by identity, for equal sets may stand in several places. */
    private final IdentityHashMap<SearchKey.Numbers, Selection> numbers = new IdentityHashMap<>();

    Matcher(SearchKey key, FolderView view, Instant now) {
        this.key = key;
        this.view = view;
        this.told = view.told();
        this.now = now;
    }

    Verdict verdict(int index, Facts facts) throws IOException {
        return verdict(key, index, facts);
    }

    private Verdict verdict(SearchKey asked, int index, Facts facts) throws IOException {
        return switch (asked) {
            case SearchKey.All() -> Verdict.YES;
            case SearchKey.And(var keys) -> all(keys, index, facts);
            case SearchKey.Or(var one, var other) -> {
                var first = verdict(one, index, facts);
                yield first == Verdict.YES ? first : first.or(verdict(other, index, facts));
            }
            case SearchKey.Not(var inner) -> verdict(inner, index, facts).not();
            case SearchKey.Fuzzy fuzzy -> most(fuzzy, index, facts);
            case SearchKey.Flag(var flag) -> Verdict.of((told.systemBits(index) & flag.bit()) != 0);
            case SearchKey.HasKeyword(var keyword) ->
                Verdict.of(told.flags(index).has(keyword));
            case SearchKey.Recent() -> Verdict.of(view.isRecent(told.uid(index)));
            case SearchKey.Numbers set ->
                Verdict.of(numbers.computeIfAbsent(set, s -> view.matching(s.set()))
                        .contains(index));
            case SearchKey.Larger(var bytes) -> Verdict.of(told.size(index) > bytes);
            case SearchKey.Smaller(var bytes) -> Verdict.of(told.size(index) < bytes);
            case SearchKey.Internal(var when, var date) -> Verdict.of(when.holds(internalDay(index), date));
            case SearchKey.Within(var younger, var seconds) -> {
                boolean isYounger = !told.internalDate(index).isBefore(now.minusSeconds(seconds));
                yield Verdict.of(younger == isYounger);
            }
            case SearchKey.ChangedFrom(var from) ->
                Verdict.of(told.modseq(index).compareTo(from) >= 0);
            case SearchKey.HasEmailId(var id) ->
                Verdict.of(ObjectIds.of(told.content(index)).equals(id));
            case SearchKey.Saved saved -> facts.saved(saved);
            case SearchKey.Header header -> facts.header(header);
            case SearchKey.Sent sent -> facts.sent(sent);
            case SearchKey.Body body -> facts.body(body);
            case SearchKey.Text text -> facts.text(text);
        };
    }

    /** Stops at the first NO: what a flag rules out, no text is read for. */
    private Verdict all(List<SearchKey> keys, int index, Facts facts) throws IOException {
        var verdict = Verdict.YES;
        for (var inner : keys) {
            verdict = verdict.and(verdict(inner, index, facts));
            if (verdict == Verdict.NO) {
                return verdict;
            }
        }
        return verdict;
    }

    /** Enough of the words, whatever their order. */
    private Verdict most(SearchKey.Fuzzy fuzzy, int index, Facts facts) throws IOException {
        int there = 0;
        int missing = 0;
        for (var word : fuzzy.words()) {
            switch (verdict(word, index, facts)) {
                case YES -> there++;
                case NO -> missing++;
                case UNDECIDED -> {}
            }
        }
        if (there >= fuzzy.needed()) {
            return Verdict.YES;
        }
        return fuzzy.words().size() - missing < fuzzy.needed() ? Verdict.NO : Verdict.UNDECIDED;
    }

    /** As INTERNALDATE shows it: in UTC. */
    private LocalDate internalDay(int index) {
        return told.internalDate(index).atOffset(ZoneOffset.UTC).toLocalDate();
    }
}
