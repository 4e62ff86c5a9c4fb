package org.postern.mime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Wire text made readable: encoded words (RFC 2047, RFC 2231 §5) and raw 8-bit bytes. Words of one charset that stand side by side
 * are joined before decoding, because many mailers cut characters in two. One pass; never fails.
 */
final class EncodedWords {
    private final String text;
    private final StringBuilder out;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private String pendingCharset = "";
    private int at;

    private EncodedWords(String text) {
        this.text = text;
        this.out = new StringBuilder(text.length());
    }

    static String decode(String text) {
        boolean plain = true;
        for (int i = 0; i < text.length() && plain; i++) {
            char c = text.charAt(i);
            plain = c < 0x80 && !(c == '=' && i + 1 < text.length() && text.charAt(i + 1) == '?');
        }
        return plain ? text : new EncodedWords(text).decode();
    }

    private record Word(String charset, boolean base64, int from, int to) {}

    private String decode() {
        int copied = 0;
        while (at < text.length()) {
            var word = text.charAt(at) == '=' ? word() : null;
            if (word == null) {
                at++;
                continue;
            }
            int start = at;
            boolean joins = pending.size() > 0 && isBlank(copied, start);
            if (!joins) {
                flush();
                raw(copied, start);
            } else if (!Ascii.equalsIgnoreCase(pendingCharset, word.charset())) {
                flush();
            }
            pendingCharset = word.charset();
            if (word.base64()) {
                TransferDecoding.base64(text, word.from(), word.to(), pending);
            } else {
                TransferDecoding.q(text, word.from(), word.to(), pending);
            }
            at = word.to() + 2;
            copied = at;
        }
        flush();
        raw(copied, text.length());
        return out.toString();
    }

    /** The encoded word that starts here; its text may hold spaces, which is wrong but common. */
    private @Nullable Word word() {
        if (!text.startsWith("=?", at)) {
            return null;
        }
        int charsetEnd = text.indexOf('?', at + 2);
        if (charsetEnd < 0 || charsetEnd + 2 >= text.length() || text.charAt(charsetEnd + 2) != '?') {
            return null;
        }
        char encoding = Ascii.lower(text.charAt(charsetEnd + 1));
        int end = text.indexOf('?', charsetEnd + 3);
        if (end < 0
                || end + 1 >= text.length()
                || text.charAt(end + 1) != '='
                || (encoding != 'b' && encoding != 'q')) {
            return null;
        }
        var charset = text.substring(at + 2, charsetEnd);
        int language = charset.indexOf('*');
        return new Word(language < 0 ? charset : charset.substring(0, language), encoding == 'b', charsetEnd + 3, end);
    }

    private boolean isBlank(int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isSpace(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void flush() {
        if (pending.size() > 0) {
            var bytes = pending.toByteArray();
            var charset = Charsets.isAscii(pendingCharset)
                    ? null
                    : Charsets.named(pendingCharset).orElse(null);
            out.append(charset == null ? Charsets.guess(bytes, 0, bytes.length) : new String(bytes, charset));
            pending.reset();
        }
    }

    private void raw(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) >= 0x80) {
                var bytes = text.substring(from, to).getBytes(StandardCharsets.ISO_8859_1);
                out.append(Charsets.guess(bytes, 0, bytes.length));
                return;
            }
        }
        out.append(text, from, to);
    }
}
