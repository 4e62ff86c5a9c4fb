package org.postern.mailstore;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * One message of one source, for ever: whoever imports the same source again makes the same key of it.
 *
 * @param value 128 bits of a digest; no UUID of RFC 9562
 */
public record ImportKey(UUID value) {
    /** @param names what tells the message from all others that may be brought into the same mailbox */
    public static ImportKey of(String... names) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var name : names) {
                var bytes = name.getBytes(StandardCharsets.UTF_8);
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
                digest.update(bytes);
            }
            var first = ByteBuffer.wrap(digest.digest());
            return new ImportKey(new UUID(first.getLong(), first.getLong()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every JDK has it.
        }
    }
}
