package org.postern.model;

import java.util.Optional;

/** The special use of a folder (RFC 6154 §2). */
public enum SpecialUse {
    ARCHIVE("\\Archive"),
    DRAFTS("\\Drafts"),
    JUNK("\\Junk"),
    SENT("\\Sent"),
    TRASH("\\Trash"),
    ALL("\\All"),
    FLAGGED("\\Flagged");

    private final String wire;

    SpecialUse(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<SpecialUse> of(String name) {
        for (var use : values()) {
            if (use.wire.equalsIgnoreCase(name)) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }
}
