package org.postern.mime;

/** ASCII as protocols know it: case and space that no locale changes. Chars are bytes of wire text. */
final class Ascii {
    private static final boolean[] TOKEN = token();

    private Ascii() {}

    private static boolean[] token() {
        var token = new boolean[0x7F];
        for (char c = '!'; c < token.length; c++) {
            token[c] = "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
        }
        return token;
    }

    static String lower(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isUpper(text.charAt(i))) {
                return lowered(text, i);
            }
        }
        return text;
    }

    private static String lowered(String text, int from) {
        var chars = text.toCharArray();
        for (int i = from; i < chars.length; i++) {
            chars[i] = lower(chars[i]);
        }
        return new String(chars);
    }

    static char lower(char c) {
        return isUpper(c) ? (char) (c | 0x20) : c;
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        char lower = lower(c);
        return lower >= 'a' && lower <= 'z';
    }

    /** White space of a header: SP and HTAB, and what is left of damaged line ends. */
    static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    /** −1 when it is no hexadecimal digit. */
    static int hex(int c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean equalsIgnoreCase(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        for (int i = 0; i < a.length(); i++) {
            if (lower(a.charAt(i)) != lower(b.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** {@code token} characters (RFC 2045 §5.1). */
    static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= TOKEN.length || !TOKEN[c]) {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
