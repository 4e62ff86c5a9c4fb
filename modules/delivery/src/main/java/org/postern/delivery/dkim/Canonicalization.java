package org.postern.delivery.dkim;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** How a header or a body is written before it is hashed (RFC 6376 §3.4). */
enum Canonicalization {
    SIMPLE,
    RELAXED;

    static Optional<Canonicalization> of(String name) {
        return switch (name) {
            case "simple" -> Optional.of(SIMPLE);
            case "relaxed" -> Optional.of(RELAXED);
            default -> Optional.empty();
        };
    }

    /**
     * A header field, with CRLF behind it.
     *
     * @param field as it stands, with or without line end
     */
    byte[] header(byte[] field) {
        var out = new ByteArrayOutputStream(field.length + 2);
        switch (this) {
            case SIMPLE -> out.write(field, 0, lengthWithoutLineEnd(field));
            case RELAXED -> relax(field, out);
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    private static int lengthWithoutLineEnd(byte[] field) {
        int length = field.length;
        if (length > 0 && field[length - 1] == '\n') {
            length--;
        }
        return length > 0 && field[length - 1] == '\r' ? length - 1 : length;
    }

    /** §3.4.2: the name in lower case, lines unfolded, white space as one blank, none at the ends of name and value. */
    private static void relax(byte[] field, ByteArrayOutputStream out) {
        int colon = 0;
        while (colon < field.length && field[colon] != ':') {
            byte b = field[colon++];
            if (!isSpace(b)) {
                out.write(b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
            }
        }
        out.write(':');
        boolean begun = false;
        boolean blank = false;
        for (int at = colon + 1; at < field.length; at++) {
            if (isSpace(field[at])) {
                blank = true;
                continue;
            }
            if (blank && begun) {
                out.write(' ');
            }
            out.write(field[at]);
            begun = true;
            blank = false;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }
}
