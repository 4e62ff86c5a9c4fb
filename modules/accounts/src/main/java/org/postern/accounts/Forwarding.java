package org.postern.accounts;

import java.util.List;
import org.postern.model.Address;

/**
 * Where a mailbox forwards what it gets.
 *
 * @param to at most {@value #MAX_TARGETS}; none: it does not forward
 * @param keepsCopy whether it is also delivered to the mailbox itself
 */
public record Forwarding(List<Address> to, boolean keepsCopy) {
    public static final int MAX_TARGETS = 10;

    public Forwarding {
        to = List.copyOf(to);
    }
}
