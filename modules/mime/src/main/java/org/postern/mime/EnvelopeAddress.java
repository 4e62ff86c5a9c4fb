package org.postern.mime;

import java.util.Optional;

/** One member of an address list in an envelope, as wire text (RFC 9051 §7.5.2, "ENVELOPE"). */
public sealed interface EnvelopeAddress {
    /** Stands for the part behind the @ when a damaged address has none: a NIL host would mean a group. */
    String MISSING_HOST = "missing-host.invalid";

    /** Stands for the part before the @ when a damaged address has none. */
    String MISSING_MAILBOX = "missing-mailbox";

    /**
     * {@code (name route mailbox host)}.
     *
     * @param name the display name, unquoted; encoded words as they were written
     * @param route the obsolete source route, {@code @a,@b} (RFC 5322 §4.4)
     * @param mailbox the local part, unquoted; never empty
     * @param host the domain; never empty
     */
    record Mailbox(Optional<String> name, Optional<String> route, String mailbox, String host)
            implements EnvelopeAddress {}

    /** {@code (NIL NIL name NIL)}. */
    record GroupStart(String name) implements EnvelopeAddress {}

    /** {@code (NIL NIL NIL NIL)}. */
    record GroupEnd() implements EnvelopeAddress {}
}
