package org.postern.delivery.relay.client;

import java.util.Locale;

/** How sure we are whom a connection leads to, and that nobody listens: told with every message sent. */
public enum Assurance {
    /** No TLS. */
    PLAIN,
    /** TLS, with whoever answered (RFC 7435). */
    OPPORTUNISTIC,
    /** A certificate of the host's name, which the DNS gave without proof. */
    VERIFIED,
    /** A certificate of the host that the operator has named. */
    CONFIGURED,
    /** A certificate of a host that the domain's policy names (RFC 8461). */
    MTA_STS,
    /** A certificate of a host that DNSSEC names. */
    DNSSEC,
    /** The certificate that the host's TLSA records name (RFC 7672). */
    DANE;

    /** Whether nobody can have put another host in the place of the right one: what REQUIRETLS wants (RFC 8689 §4.2.1). */
    public boolean isProof() {
        return switch (this) {
            case PLAIN, OPPORTUNISTIC, VERIFIED -> false;
            case CONFIGURED, MTA_STS, DNSSEC, DANE -> true;
        };
    }

    /** As logs and metrics have it, such as {@code mta-sts}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
