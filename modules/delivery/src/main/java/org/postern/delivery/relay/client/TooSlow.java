package org.postern.delivery.relay.client;

import java.io.IOException;

/** The other host did not do its part of a step in time. */
final class TooSlow extends IOException {
    private static final long serialVersionUID = 1L;

    TooSlow(String step, Throwable cut) {
        super("timed out " + step, cut);
    }
}
