package org.postern.delivery.dsn;

/** {@code xtext} (RFC 3461 §4): how ENVID and ORCPT are written on the wire. */
final class XText {
    private static final int HEX = 16;

    private XText() {}

    /** The text that is meant; what is not printable ASCII becomes {@code ?}, for it goes into a header field. */
    static String decode(String wire) {
        var text = new StringBuilder(wire.length());
        for (int i = 0; i < wire.length(); i++) {
            char c = wire.charAt(i);
            if (c == '+' && i + 2 < wire.length() && isHex(wire.charAt(i + 1)) && isHex(wire.charAt(i + 2))) {
                c = (char) Integer.parseInt(wire.substring(i + 1, i + 3), HEX);
                i += 2;
            }
            text.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return text.toString();
    }

    private static boolean isHex(char c) {
        return Character.digit(c, HEX) >= 0;
    }
}
