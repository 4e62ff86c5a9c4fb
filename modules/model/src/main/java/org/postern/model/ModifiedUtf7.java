package org.postern.model;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Modified UTF-7, how rev1 writes folder names (RFC 3501 §5.1.3). Strict: a name has exactly one encoded form, and no
 * other is decoded.
 */
public final class ModifiedUtf7 {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private ModifiedUtf7() {}

    /** The encoded form: printable ASCII only. */
    public static String encode(String text) {
        var out = new StringBuilder(text.length() + 8);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (isDirect(c)) {
                out.append(c);
                if (c == '&') {
                    out.append('-');
                }
                i++;
                continue;
            }
            int end = i;
            while (end < text.length() && !isDirect(text.charAt(end))) {
                end++;
            }
            var utf16 = text.substring(i, end).getBytes(StandardCharsets.UTF_16BE);
            out.append('&')
                    .append(ENCODER.encodeToString(utf16).replace('/', ','))
                    .append('-');
            i = end;
        }
        return out.toString();
    }

    private static boolean isDirect(char c) {
        return c >= ' ' && c < 0x7F;
    }

    /** The text that {@code encoded} writes; empty when it is not the one encoded form of any text. */
    public static Optional<String> decode(String encoded) {
        var out = new StringBuilder(encoded.length());
        int i = 0;
        while (i < encoded.length()) {
            char c = encoded.charAt(i);
            if (!isDirect(c)) {
                return Optional.empty();
            }
            if (c != '&') {
                out.append(c);
                i++;
                continue;
            }
            int end = encoded.indexOf('-', i);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == i + 1) {
                out.append('&');
            } else if (!decodeShifted(encoded.substring(i + 1, end), out)) {
                return Optional.empty();
            }
            i = end + 1;
        }
        // One form only: "&AGE-" for "a", two shifts in a row, stray bits and lone surrogates do not come back the
        // same.
        var text = out.toString();
        return encode(text).equals(encoded) ? Optional.of(text) : Optional.empty();
    }

    private static boolean decodeShifted(String base64, StringBuilder out) {
        if (base64.indexOf('/') >= 0 || base64.indexOf('=') >= 0) {
            return false;
        }
        byte[] utf16;
        try {
            utf16 = DECODER.decode(base64.replace(',', '/'));
        } catch (IllegalArgumentException e) {
            return false; // The JDK's way to say that it is not base64.
        }
        if (utf16.length == 0 || utf16.length % 2 != 0) {
            return false;
        }
        out.append(new String(utf16, StandardCharsets.UTF_16BE));
        return true;
    }
}
