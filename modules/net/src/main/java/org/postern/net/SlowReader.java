package org.postern.net;

import java.io.IOException;
import java.time.Duration;

/** The client does not take what we send: the connection has been closed. */
public final class SlowReader extends IOException {
    private static final long serialVersionUID = 1L;

    public SlowReader(Duration limit) {
        super("the client took nothing for " + limit.toSeconds() + " s");
    }
}
