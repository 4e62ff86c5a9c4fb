package org.postern.database;

/**
 * A function of ours could not do all that it was asked for, and with it everything of its transaction was undone: whoever asked has
 * another way. SQLSTATE {@value #STATE}.
 */
public final class Undone extends RuntimeException {
    static final String STATE = "PN001";

    private static final long serialVersionUID = 1L;

    Undone(String message, Throwable cause) {
        super(message, cause);
    }
}
