package org.postern.accounts;

import java.time.Duration;
import org.postern.model.Address;

/** What became of an owner's account password. */
public sealed interface OwnerProof {
    /** @param address of the mailbox, as typed: its own or an alias */
    record Owner(Address address) implements OwnerProof {}

    /**
     * Address or password: nobody learns which.
     *
     * @param delay before the answer
     * @param tooOften whether the client's network has failed so often that it should not go on
     */
    record Wrong(Duration delay, boolean tooOften) implements OwnerProof {}

    /** Nothing was decided: the database is away, or too many passwords wait to be tested. */
    record Unavailable() implements OwnerProof {}
}
