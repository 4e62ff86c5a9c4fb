package org.postern.mailstore;

import java.time.Instant;
import org.postern.mime.ParsedMessage;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Flags;

/**
 * A message about to be stored.
 *
 * @param bytes finished, and not closed before the store has answered; most often a {@code Spool}
 * @param internalDate kept to the second (RFC 9051 §2.3.3)
 */
public record NewMessage(ParsedMessage parsed, MessageBytes bytes, Flags flags, Instant internalDate) {
    public NewMessage {
        if (parsed.size() != bytes.size()) {
            throw new IllegalArgumentException("parsed " + parsed.size() + " bytes of " + bytes.size());
        }
    }
}
