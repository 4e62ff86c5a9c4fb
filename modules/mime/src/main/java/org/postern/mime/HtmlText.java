package org.postern.mime;

import java.util.Map;

/**
 * HTML to what a reader sees of it, character by character: tags gone, entities decoded, head, style and script left out. For previews
 * only; it does not try to lay anything out, and any input is fine.
 */
final class HtmlText {
    private static final int MAX_NAME = 16;
    private static final int MAX_ENTITY = 12;
    private static final Map<String, Integer> ENTITIES = Map.ofEntries(
            Map.entry("amp", (int) '&'),
            Map.entry("lt", (int) '<'),
            Map.entry("gt", (int) '>'),
            Map.entry("quot", (int) '"'),
            Map.entry("apos", (int) '\''),
            Map.entry("nbsp", 0xA0),
            Map.entry("copy", 0xA9),
            Map.entry("reg", 0xAE),
            Map.entry("euro", 0x20AC),
            Map.entry("hellip", 0x2026),
            Map.entry("ndash", 0x2013),
            Map.entry("mdash", 0x2014),
            Map.entry("lsquo", 0x2018),
            Map.entry("rsquo", 0x2019),
            Map.entry("ldquo", 0x201C),
            Map.entry("rdquo", 0x201D),
            Map.entry("bull", 0x2022),
            Map.entry("middot", 0xB7),
            Map.entry("auml", 0xE4),
            Map.entry("ouml", 0xF6),
            Map.entry("uuml", 0xFC),
            Map.entry("Auml", 0xC4),
            Map.entry("Ouml", 0xD6),
            Map.entry("Uuml", 0xDC),
            Map.entry("szlig", 0xDF),
            Map.entry("eacute", 0xE9),
            Map.entry("egrave", 0xE8),
            Map.entry("agrave", 0xE0),
            Map.entry("ccedil", 0xE7),
            Map.entry("zwnj", 0x200C),
            Map.entry("zwj", 0x200D),
            Map.entry("shy", 0xAD));

    private enum In {
        TEXT,
        TAG,
        COMMENT,
        ENTITY
    }

    private final FoldedLine out;
    private final StringBuilder word = new StringBuilder();
    private In state = In.TEXT;
    private boolean nameDone;
    private char quote;
    private int dashes;
    /** The element whose content is not shown, until its end tag. */
    private String hidden = "";

    HtmlText(FoldedLine out) {
        this.out = out;
    }

    /** As much of it as the line still takes. */
    void add(char[] chars, int count) {
        for (int i = 0; i < count && !out.isFull(); i++) {
            char awaited = awaited(); // Style sheets and attributes are most of an HTML mail.
            while (awaited != 0 && i < count - 1 && chars[i] != awaited) {
                i++;
            }
            add(chars[i]);
        }
    }

    /** The next tag behind a style sheet or script, or the end of a quoted attribute, when nothing else counts; else 0. */
    private char awaited() {
        return switch (state) {
            case TEXT -> hidden.isEmpty() ? 0 : '<';
            case TAG -> quote;
            case COMMENT, ENTITY -> 0;
        };
    }

    private void add(char c) {
        switch (state) {
            case TEXT -> text(c);
            case TAG -> tag(c);
            case COMMENT -> comment(c);
            case ENTITY -> entity(c);
        }
    }

    private void text(char c) {
        if (c == '<') {
            startTag();
        } else if (hidden.isEmpty()) {
            if (c == '&') {
                state = In.ENTITY;
                word.setLength(0);
            } else {
                out.add(c);
            }
        }
    }

    /** The input ended: an ampersand that began no entity is text. */
    void end() {
        if (state == In.ENTITY) {
            state = In.TEXT;
            literal("");
        }
    }

    private void startTag() {
        state = In.TAG;
        word.setLength(0);
        nameDone = false;
        quote = 0;
    }

    private void tag(char c) {
        if (c == '<' && !hidden.isEmpty()) {
            startTag(); // A script's "a<b" must not swallow the end tag.
            return;
        }
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
            return;
        }
        if (c == '>') {
            endTag();
            return;
        }
        if (!nameDone) {
            boolean starts = word.isEmpty() && (c == '/' || c == '!' || c == '?' || Ascii.isLetter(c));
            if (!starts && (word.isEmpty() || Ascii.isSpace(c) || word.length() >= MAX_NAME)) {
                if (word.isEmpty()) { // "a < b" is no tag.
                    state = In.TEXT;
                    if (hidden.isEmpty()) {
                        out.add('<');
                        text(c);
                    }
                    return;
                }
                nameDone = true;
            } else {
                word.append(Ascii.lower(c));
                if (word.length() == 3 && word.toString().equals("!--")) {
                    state = In.COMMENT;
                    dashes = 0;
                }
                return;
            }
        }
        if ((c == '"' || c == '\'') && hidden.isEmpty()) {
            quote = c;
        }
    }

    private void endTag() {
        state = In.TEXT;
        var name = word.toString();
        if (!hidden.isEmpty()) {
            if (name.equals("/" + hidden)) {
                hidden = "";
            }
            return;
        }
        switch (name) {
            case "script", "style", "title", "template" -> hidden = name;
            case "b",
                    "i",
                    "u",
                    "em",
                    "strong",
                    "span",
                    "a",
                    "font",
                    "/b",
                    "/i",
                    "/u",
                    "/em",
                    "/strong",
                    "/span",
                    "/a",
                    "/font",
                    "wbr" -> {}
            default -> out.add(' ');
        }
    }

    private void comment(char c) {
        if (c == '>' && dashes >= 2) {
            state = In.TEXT;
        }
        dashes = c == '-' ? dashes + 1 : 0;
    }

    private void entity(char c) {
        if (c == ';') {
            state = In.TEXT;
            int codePoint = codePoint(word.toString());
            if (codePoint >= 0) {
                out.addCodePoint(codePoint);
            } else {
                literal(";");
            }
        } else if (word.length() < MAX_ENTITY && (c == '#' || Ascii.isLetter(c) || Ascii.isDigit(c))) {
            word.append(c);
        } else {
            state = In.TEXT;
            literal("");
            text(c);
        }
    }

    private void literal(String end) {
        var text = "&" + word + end;
        for (int i = 0; i < text.length(); i++) {
            out.add(text.charAt(i));
        }
    }

    /** −1 when nobody knows it. */
    private static int codePoint(String name) {
        if (!name.startsWith("#")) {
            return ENTITIES.getOrDefault(name, -1);
        }
        boolean hex = name.length() > 1 && Ascii.lower(name.charAt(1)) == 'x';
        int value = 0;
        for (int i = hex ? 2 : 1; i < name.length(); i++) {
            int digit = Ascii.hex(name.charAt(i));
            if (digit < 0 || (!hex && digit > 9)) {
                return -1;
            }
            value = Math.min(value * (hex ? 16 : 10) + digit, Character.MAX_CODE_POINT);
        }
        return value;
    }
}
