package org.postern.delivery.inbound;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** Network addresses as SPF writes and compares them. */
final class Addresses {
    private Addresses() {}

    /** Never looks up a name. */
    static Optional<InetAddress> literal(String text, boolean six) {
        try {
            var address = six ? Inet6Address.ofLiteral(text) : Inet4Address.ofLiteral(text);
            return Optional.of(address);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Says only that it is no address of that family.
        }
    }

    static boolean isSix(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** Whether they agree in the first {@code prefix} bits. */
    static boolean agree(InetAddress one, InetAddress other, int prefix) {
        var a = one.getAddress();
        var b = other.getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if (((a[bit / Byte.SIZE] ^ b[bit / Byte.SIZE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    /** {@code 192.0.2.1}, or the nibbles of an IPv6 address with dots between (RFC 7208 §7.3, macro {@code i}). */
    static String dotted(InetAddress address) {
        if (!isSix(address)) {
            return address.getHostAddress();
        }
        var nibbles = new StringBuilder();
        for (byte b : address.getAddress()) {
            nibbles.append(nibbles.isEmpty() ? "" : ".")
                    .append(Character.forDigit((b >> 4) & 0xF, 16))
                    .append('.')
                    .append(Character.forDigit(b & 0xF, 16));
        }
        return nibbles.toString();
    }
}
