package org.postern.transfer;

import java.io.IOException;

/** The source as a whole can be read no more: another run goes on where this one ended. */
public final class SourceGone extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceGone(String message) {
        super(message);
    }

    public SourceGone(String message, Throwable cause) {
        super(message, cause);
    }
}
