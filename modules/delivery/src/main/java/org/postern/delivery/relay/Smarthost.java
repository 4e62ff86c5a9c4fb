package org.postern.delivery.relay;

import java.util.Optional;
import org.postern.delivery.relay.client.Credentials;
import org.postern.delivery.relay.client.Security;

/** The one host that takes everything that is not for us (RFC 5598 §4.3.5 calls it a relay). */
public record Smarthost(String host, int port, Security security, Optional<Credentials> credentials) {}
