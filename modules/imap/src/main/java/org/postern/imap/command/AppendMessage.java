package org.postern.imap.command;

import java.time.Instant;
import java.util.Optional;
import org.postern.imap.command.Command.Announced;
import org.postern.model.Flags;

/**
 * One message of an APPEND or REPLACE, up to its literal, which is still to be read (RFC 3502 §6.3.11).
 *
 * @param form how the literal stands there
 */
public record AppendMessage(Flags flags, Optional<Instant> internalDate, Form form, Announced literal) {
    /** How a message is written. */
    public enum Form {
        /** {@code literal}. */
        PLAIN,
        /** {@code literal8} (RFC 3516 §4.4). */
        BINARY,
        /** {@code "UTF8" SP "(" literal8 ")"}, as RFC 6855 §4 had it: Python's imaplib sends it. */
        UTF8
    }
}
