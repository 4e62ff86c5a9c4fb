/**
 * MTA-STS (RFC 8461): domains say over HTTPS which hosts take their mail, and that these have verified TLS. What a domain has said holds
 * until it expires, whatever a listener does to the DNS meanwhile: policies are kept in the database, for all nodes.
 */
@NullMarked
package org.postern.delivery.relay.mtasts;

import org.jspecify.annotations.NullMarked;
