package org.postern.imap.grammar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.Page;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SearchKey.When;
import org.postern.imap.command.SearchProgram;
import org.postern.imap.reply.Code;
import org.postern.model.SystemFlag;

/** What a search looks for, and what it tells of that (RFC 3501 §9 {@code search-key}, RFC 4466 §2.6.1 {@code search-program}). */
final class SearchGrammar {
    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    private Charset charset = StandardCharsets.UTF_8;
    private int count;

    SearchGrammar(Lexer in, ImapLimits limits, CommonGrammar common) {
        this.in = in;
        this.limits = limits;
        this.common = common;
    }

    /** {@code [search-return-opts] SP ["CHARSET" SP astring SP] search-key *(SP search-key)}, to the command's end. */
    SearchProgram program() throws Unparsable, IOException {
        in.space();
        Optional<ReturnOptions> options = Optional.empty();
        var word = firstWord();
        if (word.equalsIgnoreCase("RETURN")) {
            in.space();
            options = Optional.of(returnOptions());
            in.space();
            word = firstWord();
        }
        return word.equalsIgnoreCase("CHARSET")
                ? criteria(options)
                : new SearchProgram(options, Optional.of(keys(word)));
    }

    /** {@code ["RETURN" SP "(" … ")" SP]}, of SORT. */
    Optional<ReturnOptions> sortOptions() throws Unparsable, IOException {
        if (!isWordNext()) {
            return Optional.empty();
        }
        if (!in.word("sort criteria").equalsIgnoreCase("RETURN")) {
            throw Unparsable.bad("Missing sort criteria");
        }
        in.space();
        var options = returnOptions();
        in.space();
        return Optional.of(options);
    }

    /** {@code SP charset 1*(SP search-key)}, to the command's end (RFC 5256 §5 {@code search-criteria}). */
    SearchProgram criteria(Optional<ReturnOptions> options) throws Unparsable, IOException {
        in.space();
        var known = charset(in.astring("charset"));
        if (known.isEmpty()) {
            return new SearchProgram(options, Optional.empty()); // What follows cannot be read.
        }
        charset = known.get();
        in.space();
        return new SearchProgram(options, Optional.of(keys(firstWord())));
    }

    /** Empty where the next thing is a parenthesis or a number set. */
    private String firstWord() throws Unparsable {
        return isWordNext() ? in.word("search key") : "";
    }

    private boolean isWordNext() {
        return !in.peek('(') && !isSetNext();
    }

    private boolean isSetNext() {
        return in.peek('*') || in.peek('$') || in.isDigitNext();
    }

    /** @param first the word of the first key, which is read already; empty when it begins with none */
    private SearchKey keys(String first) throws Unparsable, IOException {
        var keys = new ArrayList<SearchKey>();
        if (!first.isEmpty()) {
            counted();
            keys.add(named(first, 0));
        } else {
            keys.add(key(0));
        }
        while (in.take(' ')) {
            keys.add(key(0));
        }
        in.end();
        return keys.size() == 1 ? keys.getFirst() : new SearchKey.And(keys);
    }

    private static Optional<Charset> charset(String name) {
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty(); // The JDK's way to say that it does not know it.
        }
    }

    /** {@code "(" [search-return-opt *(SP search-return-opt)] ")"} (RFC 4731 §4, RFC 9394 §4). */
    private ReturnOptions returnOptions() throws Unparsable, IOException {
        in.expect('(');
        if (in.take(')')) {
            return ReturnOptions.ALL;
        }
        var items = EnumSet.noneOf(ReturnOptions.Item.class);
        Optional<Page> page = Optional.empty();
        Optional<Set<FetchItem>> update = Optional.empty();
        boolean hinted = false;
        do {
            var word = in.word("return option").toUpperCase(Locale.ROOT);
            if (word.equals("PARTIAL") && page.isEmpty()) {
                in.space();
                page = Optional.of(common.partialRange());
            } else if (word.equals("UPDATE") && update.isEmpty()) {
                update = Optional.of(updated());
            } else if (word.equals("CONTEXT")) {
                hinted = true; // Only a hint that more will follow (RFC 5267 §4.2).
            } else {
                items.add(returnItem(word));
            }
        } while (in.take(' '));
        in.expect(')');
        if (page.isPresent() && items.contains(ReturnOptions.Item.ALL)) {
            throw Unparsable.bad("PARTIAL and ALL exclude each other (RFC 9394 section 3.1)");
        }
        if (hinted && items.isEmpty() && page.isEmpty() && update.isEmpty()) {
            return ReturnOptions.ALL;
        }
        return new ReturnOptions(items, page, update);
    }

    /** {@code modifier-update = "UPDATE" [SP "(" fetch-att *(SP fetch-att) ")"]} (RFC 5465 §8; the space as in its example). */
    private Set<FetchItem> updated() throws Unparsable, IOException {
        if (in.peek(" (")) {
            in.space();
        }
        return in.peek('(') ? new FetchGrammar(in, limits, common).items() : Set.of();
    }

    private static ReturnOptions.Item returnItem(String word) throws Unparsable {
        try {
            return ReturnOptions.Item.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw Unparsable.bad(
                    "Unknown or repeated return option"); // The JDK's way to say that no constant has that name.
        }
    }

    private void counted() throws Unparsable {
        if (++count > limits.searchKeys()) {
            throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.searchKeys() + " search keys at once");
        }
    }

    private SearchKey key(int depth) throws Unparsable, IOException {
        counted();
        if (depth > limits.nesting()) {
            throw Unparsable.bad(Code.Plain.LIMIT, "Search keys nest at most " + limits.nesting() + " deep");
        }
        if (isSetNext()) {
            return new SearchKey.Numbers(common.sequenceSet(NumberSet.Kind.SEQUENCE));
        }
        if (in.take('(')) {
            var keys = new ArrayList<SearchKey>();
            do {
                keys.add(key(depth + 1));
            } while (in.take(' '));
            in.expect(')');
            return new SearchKey.And(keys);
        }
        return named(in.word("search key"), depth);
    }

    private SearchKey named(String word, int depth) throws Unparsable, IOException {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "ALL" -> new SearchKey.All();
            case "SAVEDATESUPPORTED" -> new SearchKey.All();
            case "ANSWERED" -> new SearchKey.Flag(SystemFlag.ANSWERED);
            case "DELETED" -> new SearchKey.Flag(SystemFlag.DELETED);
            case "DRAFT" -> new SearchKey.Flag(SystemFlag.DRAFT);
            case "FLAGGED" -> new SearchKey.Flag(SystemFlag.FLAGGED);
            case "SEEN" -> new SearchKey.Flag(SystemFlag.SEEN);
            case "UNANSWERED" -> new SearchKey.Not(new SearchKey.Flag(SystemFlag.ANSWERED));
            case "UNDELETED" -> new SearchKey.Not(new SearchKey.Flag(SystemFlag.DELETED));
            case "UNDRAFT" -> new SearchKey.Not(new SearchKey.Flag(SystemFlag.DRAFT));
            case "UNFLAGGED" -> new SearchKey.Not(new SearchKey.Flag(SystemFlag.FLAGGED));
            case "UNSEEN" -> new SearchKey.Not(new SearchKey.Flag(SystemFlag.SEEN));
            case "RECENT" -> new SearchKey.Recent();
            case "OLD" -> new SearchKey.Not(new SearchKey.Recent());
            case "NEW" ->
                new SearchKey.And(
                        List.of(new SearchKey.Recent(), new SearchKey.Not(new SearchKey.Flag(SystemFlag.SEEN))));
            case "NOT" -> new SearchKey.Not(operand(depth));
            case "FUZZY" -> FuzzyWords.fuzzy(operand(depth));
            case "OR" -> new SearchKey.Or(operand(depth), operand(depth));
            case String other -> withArgument(other);
        };
    }

    private SearchKey operand(int depth) throws Unparsable, IOException {
        in.space();
        return key(depth + 1);
    }

    private SearchKey withArgument(String word) throws Unparsable, IOException {
        return switch (word) {
            case "KEYWORD" -> new SearchKey.HasKeyword(afterSpace().keyword());
            case "UNKEYWORD" ->
                new SearchKey.Not(new SearchKey.HasKeyword(afterSpace().keyword()));
            case "UID" -> new SearchKey.Numbers(afterSpace().sequenceSet(NumberSet.Kind.UID));
            case "LARGER" -> new SearchKey.Larger(size());
            case "SMALLER" -> new SearchKey.Smaller(size());
            case "BEFORE" -> new SearchKey.Internal(When.BEFORE, date());
            case "ON" -> new SearchKey.Internal(When.ON, date());
            case "SINCE" -> new SearchKey.Internal(When.SINCE, date());
            case "SENTBEFORE" -> new SearchKey.Sent(When.BEFORE, date());
            case "SENTON" -> new SearchKey.Sent(When.ON, date());
            case "SENTSINCE" -> new SearchKey.Sent(When.SINCE, date());
            case "SAVEDBEFORE" -> new SearchKey.Saved(When.BEFORE, date());
            case "SAVEDON" -> new SearchKey.Saved(When.ON, date());
            case "SAVEDSINCE" -> new SearchKey.Saved(When.SINCE, date());
            case "EMAILID" -> new SearchKey.HasEmailId(objectId());
            case "THREADID" -> {
                var _ = objectId();
                yield new SearchKey.Not(new SearchKey.All()); // No message has one.
            }
            case "OLDER" -> new SearchKey.Within(false, seconds());
            case "YOUNGER" -> new SearchKey.Within(true, seconds());
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, string());
            case "HEADER" -> {
                in.space();
                yield new SearchKey.Header(in.astring("header field"), string());
            }
            case "MODSEQ" -> {
                in.space();
                yield new SearchKey.ChangedFrom(new SyncGrammar(in, common).searchModseq());
            }
            case "BODY" -> new SearchKey.Body(string());
            case "TEXT" -> new SearchKey.Text(string());
            default -> throw Unparsable.bad("Unknown search key");
        };
    }

    private CommonGrammar afterSpace() throws Unparsable {
        in.space();
        return common;
    }

    /** {@code objectid} (RFC 8474 §7). */
    private String objectId() throws Unparsable {
        in.space();
        return in.atom("id");
    }

    private long size() throws Unparsable {
        in.space();
        return in.number64();
    }

    /** {@code nz-number} (RFC 5032 §4). */
    private long seconds() throws Unparsable {
        in.space();
        return in.nzNumber();
    }

    /** {@code date = date-text / DQUOTE date-text DQUOTE}. */
    private LocalDate date() throws Unparsable, IOException {
        in.space();
        var date = ImapDates.date(in.astring("date"));
        if (date.isEmpty()) {
            throw Unparsable.bad("Missing or invalid date");
        }
        return date.get();
    }

    /** {@code SP astring}, in the search's charset. */
    private String string() throws Unparsable, IOException {
        in.space();
        var bytes = in.astringBytes("search string");
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw Unparsable.bad("The search string is not valid " + charset.name());
        }
    }
}
