/** Where mail for a domain goes: MX, their order, their addresses (RFC 5321 §5, RFC 7505). Any number of threads. */
@NullMarked
package org.postern.delivery.relay.route;

import org.jspecify.annotations.NullMarked;
