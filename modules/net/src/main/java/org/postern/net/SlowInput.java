package org.postern.net;

import java.io.IOException;
import java.time.Duration;

/** The client stopped in the middle of a command: no more bytes came in time. */
public final class SlowInput extends IOException {
    private static final long serialVersionUID = 1L;

    private final Duration limit;

    public SlowInput(Duration limit) {
        super("the client paused inside a command for " + limit.toMillis() + " ms");
        this.limit = limit;
    }

    public Duration limit() {
        return limit;
    }
}
