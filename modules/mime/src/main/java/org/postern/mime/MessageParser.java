package org.postern.mime;

import java.io.IOException;
import org.postern.mime.Structure.Extent;
import org.postern.mime.bytes.MessageBytes;

/**
 * A message's bytes to what is stored about it: envelope, structure with offsets, preview (RFC 5322, RFC 2045, RFC 2046). One pass in
 * memory bounded by {@link MimeLimits}; no bytes make it fail.
 */
public final class MessageParser {
    private MessageParser() {}

    /** @throws IOException only when the bytes cannot be read */
    public static ParsedMessage parse(MessageBytes message) throws IOException {
        return parse(message, MimeLimits.DEFAULT);
    }

    /** @throws IOException only when the bytes cannot be read */
    public static ParsedMessage parse(MessageBytes message, MimeLimits limits) throws IOException {
        var scanned = StructureScanner.scan(message, limits);
        Extent extent = scanned.structure().extent();
        return new ParsedMessage(
                message.size(),
                (int) extent.bodyStart(),
                scanned.envelope(),
                scanned.structure(),
                Preview.of(scanned.structure(), message, limits));
    }
}
