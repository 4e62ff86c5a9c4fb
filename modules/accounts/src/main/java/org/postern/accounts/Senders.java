package org.postern.accounts;

import java.util.List;
import org.postern.database.Database;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * Whom a mailbox may send as: its own address, its aliases, and those with a {@code +detail}. Not what its catch-all
 * catches: that would be everybody.
 */
public final class Senders {
    public Senders(Database database) {}

    public boolean mayUse(MailboxId mailbox, Address from) {
        throw new UnsupportedOperationException();
    }

    /** The mailbox's own address first, then its aliases. */
    public List<Address> addresses(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }
}
