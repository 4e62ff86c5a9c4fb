package org.postern.model;

import java.util.Optional;

/** What a mailbox may do in a folder that another shares with it (RFC 4314 §2.1). */
public enum Right {
    /** LIST shows it. */
    LOOKUP('l'),
    /** SELECT, STATUS. */
    READ('r'),
    /** {@code \Seen}, which all who see the folder share. */
    SEEN('s'),
    /** All other flags but {@code \Deleted}. */
    WRITE('w'),
    /** APPEND, COPY and MOVE into it. */
    INSERT('i'),
    /** Mail to an address of its own; IMAP knows no such address. */
    POST('p'),
    /** Folders below it. */
    CREATE('k'),
    /** DELETE, RENAME. */
    DELETE('x'),
    /** {@code \Deleted}. */
    MARK_DELETED('t'),
    EXPUNGE('e'),
    /** SETACL and what else concerns who may do what. */
    ADMINISTER('a');

    private final char letter;

    Right(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }

    /** The bit that stands for this right in a row; part of the schema, never renumbered. */
    int bit() {
        return 1 << ordinal();
    }

    static Optional<Right> of(char letter) {
        for (var right : values()) {
            if (right.letter == letter) {
                return Optional.of(right);
            }
        }
        return Optional.empty();
    }
}
