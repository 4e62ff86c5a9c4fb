package org.postern.net;

import java.io.IOException;

/** The handshake that STARTTLS began did not succeed; the connection has been closed. */
public final class TlsFailed extends IOException {
    private static final long serialVersionUID = 1L;

    public TlsFailed(String reason) {
        super(reason);
    }
}
