package org.postern.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.postern.mime.bytes.MessageBytes;

/** The bytes of a part with its transfer encoding undone, as they stream by (RFC 2045 §6, RFC 3516 §4.3). */
public final class PartBytes {
    private static final Set<String> AS_THEY_ARE = Set.of("7bit", "8bit", "binary");
    private static final Set<String> ENCODED = Set.of("base64", "quoted-printable");

    private PartBytes() {}

    /** Whether we know how to undo its encoding. Only a leaf has one: multiparts and messages are as they are (RFC 2045 §6.4). */
    public static boolean isDecodable(Structure part) {
        return !(part instanceof Structure.Leaf)
                || AS_THEY_ARE.contains(part.fields().encoding())
                || isEncoded(part);
    }

    /** Whether the decoded bytes are not those of the message. */
    public static boolean isEncoded(Structure part) {
        return part instanceof Structure.Leaf && ENCODED.contains(part.fields().encoding());
    }

    /** The decoded bytes; in spite of damage, what can be read of them. */
    public static InputStream open(Structure part, MessageBytes message) throws IOException {
        var body = message.open(part.extent().bodyStart(), part.extent().bodySize());
        return isEncoded(part) ? TransferDecoding.decode(body, part.fields().encoding(), TransferDecoding.CHUNK) : body;
    }
}
