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
import java.util.List;
import java.util.Locale;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.SearchKey;
import org.postern.imap.command.SearchKey.When;
import org.postern.imap.reply.Code;
import org.postern.model.SystemFlag;

/** What a SEARCH looks for (RFC 3501 §6.4.4, §9 {@code search-key}). */
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

    /** {@code ["CHARSET" SP astring SP] search-key *(SP search-key)}. */
    List<SearchKey> keys() throws Unparsable, IOException {
        var keys = new ArrayList<SearchKey>();
        if (!in.peek('(') && !in.peek('*') && !in.isDigitNext()) {
            var word = in.word("search key");
            if (word.equalsIgnoreCase("CHARSET")) {
                in.space();
                charset = charset(in.astring("charset"));
                in.space();
            } else {
                counted();
                keys.add(named(word, 0));
                if (!in.take(' ')) {
                    return keys;
                }
            }
        }
        do {
            keys.add(key(0));
        } while (in.take(' '));
        return keys;
    }

    private static Charset charset(String name) throws Unparsable {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            // The JDK's way to say that it does not know it.
            throw Unparsable.no(new Code.BadCharset(List.of("US-ASCII", "UTF-8")), "Unknown charset");
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
        if (in.peek('*') || in.isDigitNext()) {
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
            case "OLDER" -> new SearchKey.Within(false, seconds());
            case "YOUNGER" -> new SearchKey.Within(true, seconds());
            case "BCC", "CC", "FROM", "SUBJECT", "TO" -> new SearchKey.Header(word, string());
            case "HEADER" -> {
                in.space();
                yield new SearchKey.Header(in.astring("header field"), string());
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
