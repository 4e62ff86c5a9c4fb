package org.postern.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The network address that a connection comes from. Counted by its {@link #network()}: one IPv4 address, or one IPv6
 * /64, which is what a single subscriber is given.
 */
public record ClientAddress(InetAddress inet) {
    private static final int IPV6_NETWORK_BYTES = 8;

    /** The address that counts: itself for IPv4, the first address of its /64 for IPv6. */
    public ClientAddress network() {
        if (!(inet instanceof Inet6Address)) {
            return this;
        }
        var bytes = inet.getAddress();
        Arrays.fill(bytes, IPV6_NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return new ClientAddress(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an IPv6 address", e);
        }
    }

    /** The literal address, without host name or zone. */
    @Override
    public String toString() {
        var text = inet.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }
}
