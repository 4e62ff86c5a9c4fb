package org.postern.smtp;

/** Values that may hold any printable character, those with a meaning of their own written as {@code +} and two hex digits (RFC 3461 §4). */
final class Xtext {
    private Xtext() {}

    /**
     * Whether it is xtext: what is written is printable ASCII, and so is what it stands for.
     *
     * @param text at least one character
     */
    static boolean isXtext(String text) {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '+') {
                if (at + 2 >= text.length() || !isPrintable(text, at + 1)) {
                    return false;
                }
                at += 3;
            } else if (c < '!' || c > '~' || c == '=') {
                return false;
            } else {
                at++;
            }
        }
        return !text.isEmpty();
    }

    /** {@code hexchar}: capitals only, and of a printable character (§4.4, §4.2: what is decoded stands in a header). */
    private static boolean isPrintable(String text, int at) {
        int high = digit(text.charAt(at));
        int low = digit(text.charAt(at + 1));
        int code = high * 16 + low;
        return high >= 0 && low >= 0 && code >= ' ' && code <= '~';
    }

    private static int digit(char c) {
        return "0123456789ABCDEF".indexOf(c);
    }
}
