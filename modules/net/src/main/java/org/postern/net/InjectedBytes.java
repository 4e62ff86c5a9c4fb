package org.postern.net;

import java.io.IOException;

/** Bytes came in clear behind STARTTLS, where only a handshake may follow: an attack (RFC 3207 §6, CVE-2011-0411). */
public final class InjectedBytes extends IOException {
    private static final long serialVersionUID = 1L;

    public InjectedBytes() {
        super("bytes in clear behind STARTTLS");
    }
}
