package org.postern.imap.grammar;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postern.imap.command.SearchKey;

/** What {@code FUZZY} makes of a key: of text its words, of everything else the key itself (RFC 6203 §5). */
final class FuzzyWords {
    /** More words of one text make no difference. */
    static final int MAX_WORDS = 16;

    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private FuzzyWords() {}

    static SearchKey fuzzy(SearchKey key) {
        return switch (key) {
            case SearchKey.And(var keys) ->
                new SearchKey.And(keys.stream().map(FuzzyWords::fuzzy).toList());
            case SearchKey.Or(var one, var other) -> new SearchKey.Or(fuzzy(one), fuzzy(other));
            case SearchKey.Not(var inner) -> new SearchKey.Not(fuzzy(inner));
            case SearchKey.Header(var name, var text) -> words(key, text, word -> new SearchKey.Header(name, word));
            case SearchKey.Body(var text) -> words(key, text, SearchKey.Body::new);
            case SearchKey.Text(var text) -> words(key, text, SearchKey.Text::new);
            case SearchKey.All _,
                    SearchKey.ChangedFrom _,
                    SearchKey.Flag _,
                    SearchKey.Fuzzy _,
                    SearchKey.HasEmailId _,
                    SearchKey.HasKeyword _,
                    SearchKey.Internal _,
                    SearchKey.Larger _,
                    SearchKey.Numbers _,
                    SearchKey.Recent _,
                    SearchKey.Saved _,
                    SearchKey.Sent _,
                    SearchKey.Smaller _,
                    SearchKey.Within _ -> key;
        };
    }

    private static SearchKey words(SearchKey exact, String text, Function<String, SearchKey> key) {
        var words = Arrays.stream(BETWEEN_WORDS.split(text))
                .filter(word -> !word.isEmpty())
                .distinct()
                .limit(MAX_WORDS)
                .map(key)
                .toList();
        return new SearchKey.Fuzzy(exact, words.isEmpty() ? List.of(exact) : words);
    }
}
