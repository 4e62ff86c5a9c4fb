package org.postern.delivery.relay.client;

/** How much TLS a connection must have. */
public enum Security {
    /** None, even where it is offered. */
    PLAIN,
    /** STARTTLS where it is offered, whoever's certificate; where it fails, none (RFC 7435). */
    OPPORTUNISTIC,
    /** STARTTLS, and a certificate of the host's name by a known authority; else nothing is sent. */
    STARTTLS,
    /** TLS from the first byte, verified likewise. */
    IMPLICIT;

    boolean isVerified() {
        return this == STARTTLS || this == IMPLICIT;
    }
}
