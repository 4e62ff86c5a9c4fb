package org.postern.mime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.mime.EnvelopeAddress.GroupEnd;
import org.postern.mime.EnvelopeAddress.GroupStart;
import org.postern.mime.EnvelopeAddress.Mailbox;

/**
 * {@code address-list} with its obsolete forms, and what the world makes of it (RFC 5322 §3.4, §4.4). One pass from left to right,
 * linear in the text's length; never fails.
 */
final class AddressParser {
    /** How far an encoded word may reach when it is taken as one atom in spite of commas inside. */
    private static final int ENCODED_WORD_REACH = 256;
    /** What may end a word or be more than a character of it; all other characters are taken in runs. */
    private static final boolean[] SPECIAL = special();

    private final String text;
    private final int most;
    private final Kept kept;
    private final List<EnvelopeAddress> addresses = new ArrayList<>();
    private final StringBuilder phrase = new StringBuilder(64);
    /** Of the address in angle brackets. */
    private final StringBuilder content = new StringBuilder(64);

    private int at;
    private boolean inGroup;
    /** Once a quote or a comment was not closed, none behind it is: looking again would make the pass quadratic. */
    private boolean quotesEnded;

    private boolean commentsEnded;

    /** Where the last word of the phrase starts: the local part, should an @ follow. */
    private int wordStart;

    private boolean spaced;
    /** Where in the phrase an address without angle brackets starts, has its last @ and ends; −1 when none was seen. */
    private int localStart = -1;

    private int lastAt = -1;
    private int hostEnd = -1;
    private Optional<String> comment = Optional.empty();

    private AddressParser(String text, int most, Kept kept) {
        this.text = text;
        this.most = most;
        this.kept = kept;
    }

    static List<EnvelopeAddress> parse(String text, int most, Kept kept) {
        return new AddressParser(text, most, kept).list();
    }

    private List<EnvelopeAddress> list() {
        while (at < text.length() && addresses.size() < most) {
            char c = text.charAt(at);
            switch (c) {
                case ',' -> {
                    at++;
                    endItem();
                }
                case ';' -> {
                    at++;
                    endItem();
                    endGroup();
                }
                case ':' -> colon();
                case '<' -> angle();
                case '@' -> domain();
                default -> word(c);
            }
        }
        if (addresses.size() < most) {
            endItem();
        }
        endGroup();
        return addresses;
    }

    private void colon() {
        at++;
        if (inGroup || phrase.isEmpty()) {
            phrase.append(':'); // Damage: there are no groups in groups, and none without a name.
            return;
        }
        if (kept.take(phrase.length())) {
            addresses.add(new GroupStart(phrase.toString()));
            inGroup = true;
        }
        clear();
    }

    private void endGroup() {
        if (inGroup) {
            addresses.add(new GroupEnd());
            inGroup = false;
        }
    }

    /** What stood between two commas: an address without angle brackets, or words only. */
    private void endItem() {
        if (lastAt >= 0) {
            var name = Ascii.trim(phrase.substring(0, localStart));
            add(
                    name.isEmpty() ? comment : Optional.of(name),
                    Optional.empty(),
                    withoutSpacesAtDots(phrase.substring(localStart, lastAt)),
                    phrase.substring(lastAt + 1, hostEnd));
        } else if (phrase.length() > 0) {
            var words = phrase.toString();
            if (words.indexOf(' ') < 0) {
                add(comment, Optional.empty(), words, "");
            } else {
                add(Optional.of(words), Optional.empty(), "", "");
            }
        }
        clear();
    }

    /** {@code e . f} is {@code e.f}; other spaces were quoted. */
    private static String withoutSpacesAtDots(String local) {
        return local.replace(" .", ".").replace(". ", ".");
    }

    private void clear() {
        phrase.setLength(0);
        wordStart = 0;
        spaced = false;
        localStart = -1;
        lastAt = -1;
        hostEnd = -1;
        comment = Optional.empty();
    }

    private void add(Optional<String> name, Optional<String> route, String local, String host) {
        var mailbox = local.isEmpty() ? EnvelopeAddress.MISSING_MAILBOX : local;
        var domain = host.isEmpty() ? EnvelopeAddress.MISSING_HOST : host;
        int length = name.orElse("").length() + route.orElse("").length() + mailbox.length() + domain.length();
        if (kept.take(length)) {
            addresses.add(new Mailbox(name, route, mailbox, domain));
        }
    }

    private void word(char c) {
        if (Ascii.isSpace(c)) {
            at++;
            spaced = true;
        } else if (c == '"' && !quotesEnded) {
            startWord(c);
            quoted(phrase);
        } else if (c == '(' && !commentsEnded) {
            comment();
        } else {
            startWord(c);
            int end = behindPlain(encodedWordEnd());
            phrase.append(text, at, end);
            at = end;
        }
    }

    /** Behind the characters from there on that mean nothing but themselves, and are taken together. */
    private int behindPlain(int from) {
        int end = from;
        while (end < text.length() && isPlain(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isPlain(char c) {
        return c >= SPECIAL.length || !SPECIAL[c];
    }

    private static boolean[] special() {
        var special = new boolean['@' + 1];
        for (char c : " \t\r\n\"(),:;<=>@".toCharArray()) {
            special[c] = true;
        }
        return special;
    }

    /** A space inside the phrase; but dots hold a local part together: {@code john . smith@…} is obsolete, not wrong. */
    private void startWord(char c) {
        if (spaced && phrase.length() > 0) {
            boolean dotted = c == '.' || phrase.charAt(phrase.length() - 1) == '.';
            phrase.append(' ');
            if (!dotted) {
                wordStart = phrase.length();
            }
        }
        spaced = false;
    }

    private int encodedWordEnd() {
        if (text.startsWith("=?", at)) {
            int most = Math.min(text.length() - 1, at + ENCODED_WORD_REACH);
            int marks = 0;
            for (int i = at + 2; i < most && !Ascii.isSpace(text.charAt(i)); i++) {
                if (text.charAt(i) == '?') {
                    marks++;
                    if (marks == 3) {
                        return text.charAt(i + 1) == '=' ? i + 2 : at + 1;
                    }
                }
            }
        }
        return at + 1;
    }

    /** Appends the content without quotes and backslashes; a quote that is never closed is a character like any other. */
    private void quoted(StringBuilder into) {
        int close = at + 1;
        while (close < text.length() && text.charAt(close) != '"') {
            close += text.charAt(close) == '\\' ? 2 : 1;
        }
        if (close >= text.length()) {
            quotesEnded = true;
            into.append('"');
            at++;
            return;
        }
        for (int i = at + 1; i < close; i++) {
            if (text.charAt(i) == '\\') {
                i++;
            }
            into.append(text.charAt(i));
        }
        at = close + 1;
    }

    /** The last comment is the name when nothing else is: {@code joe@example.org (Joe)} (RFC 5322 §3.4, historic use). */
    private void comment() {
        int depth = 0;
        var content = new StringBuilder();
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                content.append(text.charAt(i));
                continue;
            }
            if (c == '(') {
                depth++;
                if (depth == 1) {
                    continue;
                }
            } else if (c == ')') {
                depth--;
                if (depth == 0) {
                    at = i + 1;
                    spaced = true;
                    comment = Optional.of(Ascii.trim(content.toString())).filter(t -> !t.isEmpty());
                    return;
                }
            }
            content.append(c);
        }
        commentsEnded = true;
    }

    /** {@code @domain} behind a word; a second @ makes the first one part of the local part. */
    private void domain() {
        if (lastAt >= 0 && wordStart > lastAt) { // A missing comma: a@b c@d
            var next = phrase.substring(wordStart);
            phrase.setLength(wordStart);
            endItem();
            phrase.append(next);
        }
        if (lastAt < 0) {
            localStart = wordStart;
        }
        at++;
        at = behindSpaces();
        lastAt = phrase.length();
        phrase.append('@');
        boolean literal = at < text.length() && text.charAt(at) == '[';
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Ascii.isSpace(c) && !literal) {
                int next = behindSpaces();
                // Spaces at dots are obsolete, not the end: example . org (RFC 5322 §4.4).
                if (next >= text.length() || (text.charAt(next) != '.' && phrase.charAt(phrase.length() - 1) != '.')) {
                    break;
                }
                at = next;
            } else if (endsDomain(c, literal)) {
                break;
            } else {
                literal &= c != ']';
                int end = literal ? at + 1 : behindPlain(at + 1);
                phrase.append(text, at, end);
                at = end;
            }
        }
        hostEnd = phrase.length();
        spaced = false;
    }

    private int behindSpaces() {
        int next = at;
        while (next < text.length() && Ascii.isSpace(text.charAt(next))) {
            next++;
        }
        return next;
    }

    private static boolean endsDomain(char c, boolean literal) {
        return c == ',' || c == '<' || c == '>' || Ascii.isSpace(c) || (!literal && (c == ';' || c == '(' || c == '@'));
    }

    /** {@code <route:local@domain>}; what stood before is the name. */
    private void angle() {
        at++;
        content.setLength(0);
        Optional<String> route = Optional.empty();
        int lastAt = -1;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean routed = content.length() > 0 && content.charAt(0) == '@' && route.isEmpty();
            if (c == '>' || (c == ',' && !routed)) {
                break;
            }
            if (c == '"' && !quotesEnded) {
                quoted(content);
                continue;
            }
            if (c == '(' && !commentsEnded) {
                var before = comment;
                comment();
                comment = comment.or(() -> before);
                continue;
            }
            at++;
            if (c == ':' && routed) {
                route = Optional.of(content.toString());
                content.setLength(0);
                lastAt = -1;
            } else if (!Ascii.isSpace(c)) {
                lastAt = c == '@' ? content.length() : lastAt;
                int end = behindPlain(at);
                content.append(text, at - 1, end);
                at = end;
            }
        }
        if (at < text.length() && text.charAt(at) == '>') {
            at++;
        }
        var name = phrase.length() > 0 ? Optional.of(phrase.toString()) : comment;
        var address = content.toString();
        add(
                name,
                route,
                lastAt < 0 ? address : address.substring(0, lastAt),
                lastAt < 0 ? "" : address.substring(lastAt + 1));
        skipToSeparator();
        clear();
    }

    /** What follows an angle address up to the next comma says nothing. */
    private void skipToSeparator() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ',' || c == ';' || c == '<') {
                return;
            }
            if (c == '(' && !commentsEnded) {
                comment();
            } else if (!Ascii.isSpace(c)) {
                return; // A missing comma: the next address starts here.
            } else {
                at++;
            }
        }
    }
}
