package org.postern.delivery.relay.client;

/** Whether a connection must have TLS, and from when on. */
public enum Security {
    /** None, even where it is offered. */
    PLAIN,
    /** STARTTLS where it is offered; where it fails, none (RFC 7435). */
    OPPORTUNISTIC,
    /** STARTTLS; else nothing is sent. */
    STARTTLS,
    /** TLS from the first byte. */
    IMPLICIT;

    /** Whose certificate will do where only the operator has a say. */
    public Trust trusting(Assurance named) {
        return switch (this) {
            case PLAIN, OPPORTUNISTIC -> new Trust.Anybody();
            case STARTTLS, IMPLICIT -> new Trust.Authorities(named);
        };
    }
}
