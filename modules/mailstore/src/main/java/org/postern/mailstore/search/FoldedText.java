package org.postern.mailstore.search;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.mime.SearchText;
import org.postern.mime.Structure;
import org.postern.mime.bytes.MessageBytes;

/**
 * What SEARCH looks through of one message, folded, in UTF-8.
 *
 * @param header of the message itself, one field a line
 * @param body all texts inside, and the headers of messages inside
 */
@SuppressWarnings("ArrayRecordComponent") // Written and compared in the database.
record FoldedText(byte[] header, byte[] body) {
    /** @return empty when one of the two is longer than {@code maxBytes} */
    static Optional<FoldedText> of(Structure structure, MessageBytes message, int maxBytes) throws IOException {
        try (var header = SearchText.header(structure, message);
                var body = SearchText.body(structure, message, maxBytes + 1L)) {
            var foldedHeader = folded(header, maxBytes);
            var foldedBody = folded(body, maxBytes);
            return foldedHeader.length > maxBytes || foldedBody.length > maxBytes
                    ? Optional.empty()
                    : Optional.of(new FoldedText(foldedHeader, foldedBody));
        }
    }

    /** The bytes to look for, in a text or a pattern alike. */
    static byte[] folded(String text) {
        return SearchText.fold(text).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] folded(Reader reader, int maxBytes) throws IOException {
        var text = new StringBuilder();
        var chunk = new char[8192];
        for (int count = reader.read(chunk); count >= 0 && text.length() <= maxBytes; count = reader.read(chunk)) {
            text.append(chunk, 0, count);
        }
        return folded(text.toString());
    }
}
