package org.postern.model;

import java.util.Locale;
import java.util.Optional;

/** A system flag that a client may set (RFC 9051 §2.3.2); {@code \Recent} is the session's own and no stored flag. */
public enum SystemFlag {
    SEEN(1, "\\Seen"),
    ANSWERED(1 << 1, "\\Answered"),
    FLAGGED(1 << 2, "\\Flagged"),
    DELETED(1 << 3, "\\Deleted"),
    DRAFT(1 << 4, "\\Draft");

    private final int bit;
    private final String wire;

    SystemFlag(int bit, String wire) {
        this.bit = bit;
        this.wire = wire;
    }

    /** The name on the wire, with its backslash. */
    public String wire() {
        return wire;
    }

    /** The bit that stands for this flag in a message row; part of the schema, never renumbered. */
    public int bit() {
        return bit;
    }

    /** The flag of that wire name, in any case. */
    public static Optional<SystemFlag> of(String name) {
        var folded = name.toLowerCase(Locale.ROOT);
        for (var flag : values()) {
            if (flag.wire.toLowerCase(Locale.ROOT).equals(folded)) {
                return Optional.of(flag);
            }
        }
        return Optional.empty();
    }
}
