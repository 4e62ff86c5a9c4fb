package org.postern.testkit;

import java.nio.charset.StandardCharsets;

/**
 * Bytes of the wire as text whose every character is one byte, so that patterns can match any bytes.
 *
 * <p>In scripts {@code ␀ ␊ ␍} (U+2400, U+240A, U+240D) are NUL, LF and CR, and {@code \x{ff}} is any byte.
 */
final class Wire {
    private Wire() {}

    static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String wire) {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Script text, without its byte notations, as bytes of UTF-8. */
    static String plain(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Wire text as a person reads it: UTF-8, with control characters made visible. */
    static String shown(String wire) {
        return new String(bytes(wire), StandardCharsets.UTF_8)
                .replace('\0', '␀')
                .replace('\r', '␍')
                .replace("␍\n", "\n");
    }

    /** Script text with its byte notations, as bytes. */
    static String encoded(String text) {
        var wire = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            if (text.startsWith("\\x{", at) && text.indexOf('}', at) == at + 5) {
                wire.append((char) Integer.parseInt(text, at + 3, at + 5, 16));
                at += 6;
                continue;
            }
            int point = text.codePointAt(at);
            switch (point) {
                case '␀' -> wire.append('\0');
                case '␊' -> wire.append('\n');
                case '␍' -> wire.append('\r');
                default -> wire.append(plain(Character.toString(point)));
            }
            at += Character.charCount(point);
        }
        return wire.toString();
    }
}
