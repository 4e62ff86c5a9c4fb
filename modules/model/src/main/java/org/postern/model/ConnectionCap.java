package org.postern.model;

/**
 * How many connections of one protocol a mailbox may have open at once.
 *
 * @param perClientAddress from one client network ({@link ClientAddress#network()})
 * @param perMailbox in total
 */
public record ConnectionCap(int perClientAddress, int perMailbox) {
    public static final int MAX = 10_000;

    public ConnectionCap {
        if (perClientAddress < 1 || perMailbox < perClientAddress || perMailbox > MAX) {
            throw new IllegalArgumentException("caps are 1 to " + MAX + ", per client address at most per mailbox: "
                    + perClientAddress + "/" + perMailbox);
        }
    }
}
