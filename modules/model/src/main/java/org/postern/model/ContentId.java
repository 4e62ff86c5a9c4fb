package org.postern.model;

/** One stored message body and header; unique within its mailbox. */
public record ContentId(long value) {
    public ContentId {
        if (value <= 0) {
            throw new IllegalArgumentException("ContentId must be positive: " + value);
        }
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
