package org.postern.net;

import java.io.IOException;

/** The client has closed the connection, or it broke: nothing more can be read, or nothing more written. */
public final class PeerGone extends IOException {
    private static final long serialVersionUID = 1L;

    public PeerGone() {
        super("the client is gone");
    }

    /** Thrown at the end of nearly every session: a stack would only cost. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
