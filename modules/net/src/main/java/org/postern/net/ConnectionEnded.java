package org.postern.net;

import java.io.IOException;
import org.postern.model.Refusal;

/** We end the connection, for a reason that the client shall hear: a drain, a revoked token, idleness. */
public final class ConnectionEnded extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal reason;

    public ConnectionEnded(Refusal reason) {
        super("the connection is ended: " + reason.caseName());
        this.reason = reason;
    }

    public Refusal reason() {
        return reason;
    }

    /** Expected: a stack would only cost. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
