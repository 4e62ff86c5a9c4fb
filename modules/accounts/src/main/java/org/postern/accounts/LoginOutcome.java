package org.postern.accounts;

import java.time.Duration;
import org.postern.model.Refusal;

/** What became of a login. */
public sealed interface LoginOutcome {
    /** Admitted: the session owns {@code access} and closes it when it ends. */
    record LoggedIn(Access access) implements LoginOutcome {}

    /**
     * Not admitted.
     *
     * @param delay how long the session waits, on its own thread, before it replies; zero when the secret was right
     * @param close whether the session closes the connection after the reply
     */
    record Refused(Refusal refusal, Duration delay, boolean close) implements LoginOutcome, ProofOutcome {}
}
