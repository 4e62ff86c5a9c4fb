package org.postern.accounts;

import java.util.Optional;
import org.postern.model.Address;

/**
 * An attempt, and what is known of it.
 *
 * @param address that was typed, if it is one
 * @param mark from {@link ConnectionRegistry#mark}, taken before {@code found} was asked for
 * @param termsMark from {@link LivePlans#mark}, likewise
 */
record LoginClaim(LoginAttempt attempt, Optional<Address> address, long mark, long termsMark, LoginQuery.Found found) {
    /** Whose the secret is; only when it is somebody's. */
    LoginQuery.Holder holder() {
        return found.holder().orElseThrow();
    }
}
