package org.postern.imap.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.postern.imap.Progress;
import org.postern.imap.command.SearchKey;
import org.postern.imap.view.FolderView;

/**
 * Ranks what a fuzzy search has found (RFC 6203 §4): the text to the letter is worth 100, its words in any other way 90, some
 * of them their share of that; several texts, the mean.
 */
final class Relevancy {
    private static final int TO_THE_LETTER = 100;
    private static final int ALL_WORDS = 90;

    private final Searcher searcher;
    private final int[] matching;
    private final FolderView view;
    private final Progress progress;

    Relevancy(Searcher searcher, int[] matching, FolderView view, Progress progress) {
        this.searcher = searcher;
        this.matching = matching;
        this.view = view;
        this.progress = progress;
    }

    Scores of(SearchKey key) throws IOException {
        var texts = new ArrayList<SearchKey.Fuzzy>();
        collect(key, texts);
        var sums = new int[matching.length];
        for (var text : texts) {
            var exact = found(text.exact());
            var words = new ArrayList<BitSet>();
            for (var word : text.words()) {
                words.add(found(word));
            }
            for (int i = 0; i < matching.length; i++) {
                sums[i] += score(matching[i], exact, words);
            }
        }
        var scores = new int[matching.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Math.max(1, sums[i] / Math.max(1, texts.size()));
        }
        return new Scores(matching, scores);
    }

    private static int score(int index, BitSet exact, List<BitSet> words) {
        if (exact.get(index)) {
            return TO_THE_LETTER;
        }
        long there = words.stream().filter(word -> word.get(index)).count();
        return (int) (ALL_WORDS * there / words.size());
    }

    /** The texts that speak for a message; what is asked not to be there does not. */
    private static void collect(SearchKey key, List<SearchKey.Fuzzy> texts) {
        switch (key) {
            case SearchKey.Fuzzy fuzzy -> texts.add(fuzzy);
            case SearchKey.And(var keys) -> keys.forEach(inner -> collect(inner, texts));
            case SearchKey.Or(var one, var other) -> {
                collect(one, texts);
                collect(other, texts);
            }
            case SearchKey.All _,
                    SearchKey.Body _,
                    SearchKey.ChangedFrom _,
                    SearchKey.Flag _,
                    SearchKey.HasEmailId _,
                    SearchKey.HasKeyword _,
                    SearchKey.Header _,
                    SearchKey.Internal _,
                    SearchKey.Larger _,
                    SearchKey.Not _,
                    SearchKey.Numbers _,
                    SearchKey.Recent _,
                    SearchKey.Saved _,
                    SearchKey.Sent _,
                    SearchKey.Smaller _,
                    SearchKey.Text _,
                    SearchKey.Within _ -> {}
        }
    }

    private BitSet found(SearchKey key) throws IOException {
        var among = new BitSet();
        for (var index : matching) {
            among.set(index);
        }
        var found = new BitSet();
        for (var index : searcher.search(key, view, among, progress)) {
            found.set(index);
        }
        return found;
    }
}
