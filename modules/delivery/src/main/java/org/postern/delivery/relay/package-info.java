/**
 * Relays queued messages to other hosts.
 *
 * <p>{@link org.postern.delivery.relay.Relay} gives destinations to {@link org.postern.delivery.relay.DeliveryAgent}s: each claims due
 * recipients of one destination for as long as it renews a lease, finds the hosts ({@code route}), speaks SMTP ({@code client}) and
 * settles every recipient in the transaction that also queues the report to the sender. Whenever a process dies, its claims come due
 * again: a message is lost never, and sent twice only where the other host's reply to the whole of it was lost.
 *
 * <p>What is due is found through {@code queue_destination}, one row for each domain, in turns: the cost is that of what is due, however
 * much waits, and a large or dead destination takes nobody else's turn.
 */
@NullMarked
package org.postern.delivery.relay;

import org.jspecify.annotations.NullMarked;
