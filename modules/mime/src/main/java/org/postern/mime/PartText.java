package org.postern.mime;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The characters of one text part: its transfer encoding and charset undone as they stream by (RFC 2045 §6, RFC 2046 §4.1.2). */
final class PartText {
    /** How much is looked at to tell UTF-8 from Latin where nothing trustworthy is said. */
    private static final int GUESS_BYTES = 8 * 1024;

    private PartText() {}

    /** @param most bytes of the body that are read */
    static Reader open(Structure part, MessageBytes message, long most) throws IOException {
        var extent = part.extent();
        var fields = part.fields();
        var body = message.open(extent.bodyStart(), Math.min(most, extent.bodySize()));
        var decoded = TransferDecoding.decode(body, fields.encoding());
        var name = fields.parameter("charset").orElse("");
        var charset = Charsets.isAscii(name) ? null : Charsets.named(name).orElse(null);
        return charset != null ? reader(decoded, charset) : guessed(decoded);
    }

    private static Reader guessed(InputStream in) throws IOException {
        var first = in.readNBytes(GUESS_BYTES);
        int whole = first.length;
        // The look may have cut a character in two: up to three bytes of its beginning do not count.
        if (first.length == GUESS_BYTES) {
            for (int i = 0; i < 3 && first[whole - 1] < 0 && (first[whole - 1] & 0xC0) == 0x80; i++) {
                whole--;
            }
            if ((first[whole - 1] & 0xC0) == 0xC0) {
                whole--;
            }
        }
        var charset = Charsets.isUtf8(first, 0, whole) ? StandardCharsets.UTF_8 : Charsets.LATIN;
        var again = new PushbackInputStream(in, Math.max(1, first.length));
        again.unread(first);
        return reader(again, charset);
    }

    private static Reader reader(InputStream in, Charset charset) {
        return new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE));
    }
}
