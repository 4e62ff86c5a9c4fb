package org.postern.net;

import java.io.IOException;

/** Speaks one protocol with one client. */
@FunctionalInterface
public interface SessionFactory {
    /**
     * Runs the session from its greeting to its end, on a virtual thread of its own; the connection is flushed and closed
     * when this returns.
     *
     * <p>A {@link ConnectionEnded} may fly out of here: its reason is then told to the client in the protocol's words
     * ({@link Refusals}). Any other {@link IOException} of this package ends the connection quietly; anything else is a bug:
     * it is logged once with the session's id and the client hears "unavailable".
     */
    void run(Connection connection) throws IOException;
}
