package org.postern.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was started, stopped in the opposite order; one part that fails to stop keeps no other from it. */
final class StopOrder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StopOrder.class);

    private final Deque<Part> parts = new ArrayDeque<>();

    private record Part(String name, AutoCloseable closing) {}

    <T extends AutoCloseable> T add(String name, T started) {
        parts.push(new Part(name, started));
        return started;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                LOG.debug("stopping {}", part.name());
                part.closing().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                LOG.atWarn().addKeyValue("part", part.name()).log("interrupted while stopping");
            } catch (Exception e) {
                LOG.atError().addKeyValue("part", part.name()).setCause(e).log("did not stop cleanly");
            }
        }
    }
}
