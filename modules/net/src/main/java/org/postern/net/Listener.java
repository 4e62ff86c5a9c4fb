package org.postern.net;

import java.time.Duration;

/** One open port. */
public final class Listener implements AutoCloseable {
    Listener() {}

    public ListenerSettings settings() {
        throw new UnsupportedOperationException();
    }

    /** The port really bound. */
    public int port() {
        throw new UnsupportedOperationException();
    }

    /** As {@link Listeners#drain}, for this port's connections alone. */
    public void drain(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** Closes the port and its connections at once. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
