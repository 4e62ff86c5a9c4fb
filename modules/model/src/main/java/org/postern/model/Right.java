package org.postern.model;

import java.util.Optional;

/** What a mailbox may do in a folder that another shares with it (RFC 4314 §2.1). */
public enum Right {
    /** LIST shows it. */
    LOOKUP('l', 0),
    /** SELECT, STATUS. */
    READ('r', 1),
    /** {@code \Seen}, which all who see the folder share. */
    SEEN('s', 2),
    /** All other flags but {@code \Deleted}. */
    WRITE('w', 3),
    /** APPEND, COPY and MOVE into it. */
    INSERT('i', 4),
    /** Mail to an address of its own; IMAP knows no such address. */
    POST('p', 5),
    /** Folders below it. */
    CREATE('k', 6),
    /** DELETE, RENAME. */
    DELETE('x', 7),
    /** {@code \Deleted}. */
    MARK_DELETED('t', 8),
    EXPUNGE('e', 9),
    /** SETACL and what else concerns who may do what. */
    ADMINISTER('a', 10);

    private final char letter;
    private final int bit;

    Right(char letter, int bit) {
        this.letter = letter;
        this.bit = bit;
    }

    public char letter() {
        return letter;
    }

    /** The bit that stands for this right in a row; part of the schema, never renumbered. */
    int bit() {
        return 1 << bit;
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
