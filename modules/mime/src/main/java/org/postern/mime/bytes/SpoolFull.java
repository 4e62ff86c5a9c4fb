package org.postern.mime.bytes;

import java.io.IOException;

/** A message grew past the most bytes its {@link Spool} may take; nothing of it is to be kept (RFC 1870 §6.3, RFC 7889 §3). */
public final class SpoolFull extends IOException {
    private static final long serialVersionUID = 1L;

    private final long maxBytes;

    SpoolFull(long maxBytes) {
        super("message larger than " + maxBytes + " bytes");
        this.maxBytes = maxBytes;
    }

    /** The bound that was met, in bytes. */
    public long maxBytes() {
        return maxBytes;
    }
}
