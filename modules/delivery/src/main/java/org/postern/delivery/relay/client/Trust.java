package org.postern.delivery.relay.client;

import org.postern.delivery.relay.dane.DanePolicy;

/** Whose certificate will do. */
public sealed interface Trust {
    /** What a connection with such a certificate is worth. */
    Assurance assurance();

    /** Anybody's (RFC 7435): against listeners it needs no name; against anybody else no TLS would be no better. */
    record Anybody() implements Trust {
        @Override
        public Assurance assurance() {
            return Assurance.OPPORTUNISTIC;
        }
    }

    /**
     * One of the host's name (RFC 6125), by an authority that is known here.
     *
     * @param assurance where the name is from
     */
    record Authorities(Assurance assurance) implements Trust {}

    /** One that the host's TLSA records name; anybody's, where none of them can be used. */
    record Dane(DanePolicy policy) implements Trust {
        @Override
        public Assurance assurance() {
            return policy.authenticates() ? Assurance.DANE : Assurance.OPPORTUNISTIC;
        }
    }
}
