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
    private final Database database;

    public Senders(Database database) {
        this.database = database;
    }

    /** One round trip. */
    public boolean mayUse(MailboxId mailbox, Address from) {
        return database.once(tx -> tx.one(
                """
                SELECT EXISTS (SELECT FROM directory.address
                                WHERE domain = ? AND local_part IN (?, ?) AND mailbox_id = ?)
                """,
                row -> row.bool(1),
                from.domain().name(),
                from.foldedLocalPart(),
                from.foldedLocalPartWithoutDetail(),
                mailbox.value()));
    }

    /** The mailbox's own address first, then its aliases. */
    public List<Address> addresses(MailboxId mailbox) {
        return database.once(tx -> tx.list("""
                SELECT local_part, domain FROM directory.address WHERE mailbox_id = ?
                 ORDER BY is_alias, domain, local_part
                """, row -> Addresses.of(row.text(1), row.text(2)), mailbox.value()));
    }
}
