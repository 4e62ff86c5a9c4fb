package org.postern.server;

import java.util.Optional;
import org.postern.model.Address;

/**
 * Whom a folder is shared with.
 *
 * @param address of a mailbox; empty for {@code anyone}, which is all of the account
 */
public record Whom(Optional<Address> address) {
    private static final String ANYONE = "anyone";

    /** Empty where it is no address. */
    public static Optional<Whom> parse(String text) {
        return text.equalsIgnoreCase(ANYONE)
                ? Optional.of(new Whom(Optional.empty()))
                : Address.parse(text).map(address -> new Whom(Optional.of(address)));
    }
}
