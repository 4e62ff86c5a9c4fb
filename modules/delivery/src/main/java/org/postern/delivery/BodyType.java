package org.postern.delivery;

/** What a sender says its message's bytes are (RFC 6152 §2, RFC 3030 §3). */
public enum BodyType {
    SEVEN_BIT("7BIT"),
    EIGHT_BIT_MIME("8BITMIME"),
    /** Only on its way in: what is accepted is text. */
    BINARY("BINARYMIME");

    private final String wire;

    BodyType(String wire) {
        this.wire = wire;
    }

    /** The value of MAIL's BODY parameter; also what the queue stores. */
    public String wire() {
        return wire;
    }
}
