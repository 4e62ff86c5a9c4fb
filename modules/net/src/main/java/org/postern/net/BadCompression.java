package org.postern.net;

import java.io.IOException;

/** What the client sent cannot be inflated: nothing after it can be understood. */
public final class BadCompression extends IOException {
    private static final long serialVersionUID = 1;

    BadCompression(String message) {
        super(message);
    }
}
