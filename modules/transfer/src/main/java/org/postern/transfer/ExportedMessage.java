package org.postern.transfer;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Optional;
import org.postern.model.Flags;
import org.postern.model.Uid;

/**
 * A message on its way out.
 *
 * @param uidl what POP3 calls it, where that was set by an import
 * @param bytes writes it as it is stored
 */
public record ExportedMessage(Uid uid, Flags flags, Instant date, long size, Optional<String> uidl, Bytes bytes) {
    /** Writes a message. */
    @FunctionalInterface
    public interface Bytes {
        void writeTo(OutputStream out) throws IOException;
    }
}
