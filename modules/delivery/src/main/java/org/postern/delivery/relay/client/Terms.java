package org.postern.delivery.relay.client;

import java.util.Optional;

/**
 * What a connection to a host must have before anything is sent over it.
 *
 * @param trust of no matter where there is no TLS
 * @param credentials for a host that demands a login
 */
public record Terms(Security security, Trust trust, Optional<Credentials> credentials) {
    /** Those of a host where nobody logs in. */
    public Terms(Security security, Trust trust) {
        this(security, trust, Optional.empty());
    }

    /** The same without TLS. */
    Terms inPlain() {
        return new Terms(Security.PLAIN, trust, credentials);
    }
}
