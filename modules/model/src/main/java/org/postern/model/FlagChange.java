package org.postern.model;

/** What STORE does to the flags of a message (RFC 9051 §6.4.6). */
public record FlagChange(Mode mode, Flags flags) {
    /** The data item's sign. */
    public enum Mode {
        REPLACE,
        ADD,
        REMOVE
    }

    /** The flags of a message that had {@code before}. */
    public Flags applyTo(Flags before) {
        return switch (mode) {
            case REPLACE -> flags;
            case ADD -> before.with(flags);
            case REMOVE -> before.without(flags);
        };
    }
}
