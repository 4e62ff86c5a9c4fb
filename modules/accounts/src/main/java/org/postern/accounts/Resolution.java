package org.postern.accounts;

import java.util.Optional;
import org.postern.model.AccountId;
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

    /** The domain is ours, the address nobody's. */
    record NoSuchAddress() implements Resolution {}

    /** Another host's domain: relay. */
    record Elsewhere() implements Resolution {}
}
