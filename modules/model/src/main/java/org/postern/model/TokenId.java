package org.postern.model;

/** One client token. */
public record TokenId(long value) {
    public TokenId {
        if (value <= 0) {
            throw new IllegalArgumentException("TokenId must be positive: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
