package org.postern.database;

/**
 * The database is away, overloaded or too slow; trying again later is right.
 *
 * <p>When {@link #outcomeUnknown()} the connection broke while a commit was under way: the work may or may not have
 * been committed. That is never a success; a caller that must not do the work twice has to look before it tries again.
 */
public final class DatabaseUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean outcomeUnknown;

    DatabaseUnavailable(String message, Throwable cause, boolean outcomeUnknown) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
