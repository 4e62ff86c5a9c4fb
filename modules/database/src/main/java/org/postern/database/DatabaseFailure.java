package org.postern.database;

/** A statement or a set-up that can never work: a bug, a wrong password, a missing right. Trying again is pointless. */
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseFailure(String message, Throwable cause) {
        super(message, cause);
    }

    DatabaseFailure(String message) {
        super(message);
    }
}
