package org.postern.imap.command;

import java.time.Instant;
import java.util.Optional;
import org.postern.imap.command.Command.Announced;
import org.postern.model.Flags;

/** One message of an APPEND or REPLACE, up to its bytes, which are still to be read (RFC 3502 §6.3.11). */
public record AppendMessage(Flags flags, Optional<Instant> internalDate, Source source) {
    /** {@code append-data}: where the bytes come from. */
    public sealed interface Source {
        /** @param form how the literal stands there */
        record Literal(Form form, Announced announced) implements Source {}

        /** {@code CATENATE}: part by part, each still to be read (RFC 4469 §3). */
        record Catenated() implements Source {}
    }

    /** How a literal is written. */
    public enum Form {
        /** {@code literal}. */
        PLAIN,
        /** {@code literal8} (RFC 3516 §4.4). */
        BINARY,
        /** {@code "UTF8" SP "(" literal8 ")"}, as RFC 6855 §4 had it: Python's imaplib sends it. */
        UTF8
    }

    /** {@code cat-part} (RFC 4469 §5). */
    public sealed interface Part {
        record Text(Source.Literal literal) implements Part {}

        /** @param url as the client wrote it */
        record Url(String url) implements Part {}
    }
}
