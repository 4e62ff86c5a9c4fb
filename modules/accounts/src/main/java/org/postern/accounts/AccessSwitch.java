package org.postern.accounts;

import java.time.Instant;
import org.postern.model.Protocol;

/**
 * Whether mail apps may use a mailbox over one protocol.
 *
 * @param since from when on it is so; of one that is {@link State#COMING_ON}, from when on it works
 * @param changedBy {@code owner}, {@code admin}, {@code server}, or {@code plan} when nobody has touched it
 * @param why may be empty
 */
public record AccessSwitch(Protocol protocol, State state, Instant since, String changedBy, String why) {
    /** What a switch says. */
    public enum State {
        ON,
        OFF,
        /** Switched on, and not working yet. */
        COMING_ON,
        /** Whatever the switch says, the plan does not have the protocol. */
        NOT_IN_PLAN
    }
}
