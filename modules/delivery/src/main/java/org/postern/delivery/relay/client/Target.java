package org.postern.delivery.relay.client;

import java.net.InetAddress;

/**
 * Where to connect.
 *
 * @param host the name by which the certificate and people know it
 */
public record Target(String host, InetAddress address, int port) {
    @Override
    public String toString() {
        return host + '[' + address.getHostAddress() + "]:" + port;
    }
}
