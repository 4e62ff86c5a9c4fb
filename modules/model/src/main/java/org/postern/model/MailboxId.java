package org.postern.model;

/** One hosted address with its mail; what a person logs into. Unique over all cells. */
public record MailboxId(long value) implements Comparable<MailboxId> {
    public MailboxId {
        if (value <= 0) {
            throw new IllegalArgumentException("MailboxId must be positive: " + value);
        }
    }

    /** The order in which mailboxes are locked. */
    @Override
    public int compareTo(MailboxId other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
