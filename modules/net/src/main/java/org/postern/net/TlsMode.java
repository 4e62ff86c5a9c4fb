package org.postern.net;

/** When a listener's connections become encrypted (RFC 8314 §3). */
public enum TlsMode {
    /** From the first byte: 993, 995, 465. */
    IMPLICIT,
    /** A greeting in clear; the client must ask for TLS before anything else (RFC 3207, RFC 2595): 143, 110. */
    STARTTLS,
    /** A client that begins a handshake within the detect window is implicit, one that waits is STARTTLS: 587. */
    DETECT
}
