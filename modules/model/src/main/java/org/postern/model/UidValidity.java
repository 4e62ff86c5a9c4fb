package org.postern.model;

/** The unique identifier validity value of a folder: 1 to 4,294,967,295, from a counter (RFC 9051 §2.3.1.1). */
public record UidValidity(long value) {
    public UidValidity {
        if (value < 1 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("UIDVALIDITY out of range: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
