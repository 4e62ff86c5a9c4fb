package org.postern.accounts;

import java.time.Duration;
import org.postern.model.ConnectionCap;

/** What the registry says to a connection whose secret was right. */
sealed interface Admission {
    record Admitted(Access access) implements Admission {}

    /** @param open how many are open, the cap or more */
    record CapReached(int open, ConnectionCap.Per per) implements Admission {}

    /** The plan lets a mailbox have one POP3 session, and it has one. */
    record InUse() implements Admission {}

    /**
     * POP3 was here less than the plan's delay ago.
     *
     * @param left until it may come again
     */
    record TooSoon(Duration left) implements Admission {}

    /** What the login was decided by says something else by now. */
    record Changed() implements Admission {}

    /** The right to be here ended while the login was under way. */
    record Ended() implements Admission {}

    /** This node, or another one, has not registered what it holds since the database or the network was away. */
    record NotReady() implements Admission {}
}
