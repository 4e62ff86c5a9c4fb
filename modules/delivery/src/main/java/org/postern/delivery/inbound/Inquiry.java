package org.postern.delivery.inbound;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.postern.model.Address;

/**
 * What is known of a message beside itself.
 *
 * @param client who brings it
 * @param helo what that calls itself
 * @param recipients those that were taken
 * @param traceId as in our Received field and the logs
 */
public record Inquiry(
        InetAddress client, String helo, Optional<Address> returnPath, List<Address> recipients, String traceId) {
    public Inquiry {
        recipients = List.copyOf(recipients);
    }
}
