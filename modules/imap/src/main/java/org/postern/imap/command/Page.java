package org.postern.imap.command;

/**
 * A page of a result (RFC 9394 §4 {@code partial-range}): places from 1 on, or from −1, the last one, backwards; both ends
 * inclusive, in the client's order.
 */
public record Page(long first, long last) {
    /** How many results of {@code size} stand before the page. */
    public int from(int size) {
        long from = first > 0 ? Math.min(first, last) - 1 : size + Math.min(first, last);
        return Math.clamp(from, 0, size);
    }

    /** How many results of {@code size} stand before its end; never less than {@link #from}. */
    public int to(int size) {
        long to = first > 0 ? Math.max(first, last) : size + 1 + Math.max(first, last);
        return Math.clamp(to, 0, size);
    }

    /** As the client wrote it. */
    @Override
    public String toString() {
        return first + ":" + last;
    }
}
