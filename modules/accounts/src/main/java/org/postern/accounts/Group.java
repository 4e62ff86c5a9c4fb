package org.postern.accounts;

import java.util.List;
import org.postern.model.Address;

/**
 * An address of ours that leads to others, here or anywhere: a department, an errand passed on, a small list of people.
 *
 * @param owner the mailbox that answers for it: bounces go there, and whatever nobody else can have; may send from it
 * @param to 1 to {@value #MAX_TARGETS}
 */
public record Group(Address address, Address owner, List<Address> to) {
    public static final int MAX_TARGETS = 100;

    public Group {
        to = List.copyOf(to);
    }
}
