package org.postern.net;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;

/** All listeners of a node: they share event loops, certificates, bounds and metrics. */
public final class Listeners implements AutoCloseable {
    public Listeners(NetLimits limits, TlsContexts tls, Refusals refusals, MeterRegistry meters, SecureRandom random) {
        throw new UnsupportedOperationException();
    }

    /**
     * Opens a port; clients are served from now on.
     *
     * @throws IOException when the port cannot be had; says which
     */
    public Listener bind(ListenerSettings settings, SessionFactory sessions) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Closes all ports, lets running commands finish, tells every client ({@link org.postern.model.Refusal.ShuttingDown}), and
     * returns when all connections are gone, by force after the deadline.
     */
    public void drain(Duration deadline) {
        throw new UnsupportedOperationException();
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
