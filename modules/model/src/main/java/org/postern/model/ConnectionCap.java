package org.postern.model;

import java.util.Locale;

/**
 * How many connections of one protocol a mailbox may have open at once, and what becomes of one more.
 *
 * @param perClientAddress from one client network ({@link ClientAddress#network()})
 * @param perMailbox in total; 1 to {@link #MAX}, the others at most this
 * @param perToken by one client token
 */
public record ConnectionCap(int perClientAddress, int perMailbox, int perToken, AtCap atCap) {
    public static final int MAX = 10_000;

    /** What becomes of a connection that is one too many. */
    public enum AtCap {
        /** It is refused, with the numbers. */
        REFUSE,
        /**
         * It gets the slot of the connection of the same token that has been idle longest, which ends; where the token has
         * no other connection that counts against the full cap, it is refused.
         */
        END_LONGEST_IDLE
    }

    /** Whose connections are counted together. */
    public enum Per {
        CLIENT_ADDRESS,
        TOKEN,
        MAILBOX;

        /** The name in logs and the database. */
        public String lowerCase() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException for an unknown name */
        public static Per of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    public ConnectionCap {
        if (perMailbox < 1 || perMailbox > MAX) {
            throw new IllegalArgumentException("per-mailbox is 1 to " + MAX + "; found " + perMailbox);
        }
        checkPart("per-client-address", perClientAddress, perMailbox);
        checkPart("per-token", perToken, perMailbox);
    }

    /** Without a narrower cap for one token; one too many is refused. */
    public ConnectionCap(int perClientAddress, int perMailbox) {
        this(perClientAddress, perMailbox, perMailbox, AtCap.REFUSE);
    }

    /** How many may be open at once. */
    public int max(Per per) {
        return switch (per) {
            case CLIENT_ADDRESS -> perClientAddress;
            case TOKEN -> perToken;
            case MAILBOX -> perMailbox;
        };
    }

    private static void checkPart(String name, int cap, int perMailbox) {
        if (cap < 1 || cap > perMailbox) {
            throw new IllegalArgumentException(
                    name + " is 1 to per-mailbox, which is " + perMailbox + "; found " + cap);
        }
    }
}
