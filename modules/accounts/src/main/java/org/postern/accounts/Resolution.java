package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/** Where mail to an address goes. */
public sealed interface Resolution {
    /** How the mailbox was found. */
    enum Match {
        OWN,
        ALIAS,
        CATCH_ALL,
        /** {@code postmaster} of a domain that gave it to nobody (RFC 5321 §4.5.1). */
        POSTMASTER
    }

    /** @param detail what stands behind the first {@code +} of the local part (RFC 5233 §4), as written */
    record Local(MailboxId mailbox, AccountId account, Match match, Optional<String> detail) implements Resolution {}

    /**
     * To others: the address is a group's.
     *
     * @param group its own address, without the detail that mail was sent to
     * @param owner the mailbox that answers for it
     */
    record Leads(Address group, MailboxId owner, AccountId account, List<Address> to) implements Resolution {
        public Leads {
            to = List.copyOf(to);
        }
    }

    /** The domain is ours, the address nobody's. */
    record NoSuchAddress() implements Resolution {}

    /** Another host's domain: relay. */
    record Elsewhere() implements Resolution {}
}
