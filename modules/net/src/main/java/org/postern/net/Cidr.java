package org.postern.net;

import java.net.InetAddress;

/** A network by address and prefix length (RFC 4632 §3.1, RFC 4291 §2.3): {@code 10.0.0.0/8}, {@code fd00::/8}. */
public record Cidr(InetAddress network, int prefix) {
    /** @throws IllegalArgumentException when the prefix does not fit the address, or host bits are set */
    public Cidr {
        var bytes = network.getAddress();
        if (prefix < 0 || prefix > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException("prefix length out of range: " + prefix);
        }
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            if (bit(bytes, bit)) {
                throw new IllegalArgumentException("host bits are set in " + network.getHostAddress() + '/' + prefix);
            }
        }
    }

    /**
     * Reads {@code address/prefix}, or an address alone, which is a network of one.
     *
     * @throws IllegalArgumentException for anything else; never looks up a name
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        var address = slash < 0 ? text : text.substring(0, slash);
        try {
            var inet = InetAddress.ofLiteral(address);
            int prefix = slash < 0 ? inet.getAddress().length * Byte.SIZE : Integer.parseInt(text.substring(slash + 1));
            return new Cidr(inet, prefix);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a network: " + text, e);
        }
    }

    /** Whether the address belongs to this network; an IPv4-mapped IPv6 address counts as IPv4 (Java reads it so). */
    public boolean contains(InetAddress address) {
        var ours = network.getAddress();
        var theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bit(ours, bit) != bit(theirs, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bit(byte[] bytes, int index) {
        return (bytes[index / Byte.SIZE] & (0x80 >> (index % Byte.SIZE))) != 0;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + '/' + prefix;
    }
}
