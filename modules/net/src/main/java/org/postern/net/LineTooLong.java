package org.postern.net;

import java.io.IOException;

/** A line is longer than the caller allows: that many of its bytes are consumed, the rest still waits. */
public final class LineTooLong extends IOException {
    private static final long serialVersionUID = 1L;

    private final long max;

    public LineTooLong(long max) {
        super("a line of more than " + max + " bytes");
        this.max = max;
    }

    public long max() {
        return max;
    }
}
