package org.postern.delivery.relay.client;

import java.io.IOException;

/** What the other host says is no SMTP. */
final class NoSmtp extends IOException {
    private static final long serialVersionUID = 1L;

    NoSmtp(String message) {
        super(message);
    }
}
