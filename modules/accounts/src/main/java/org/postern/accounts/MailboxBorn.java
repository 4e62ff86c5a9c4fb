package org.postern.accounts;

import java.sql.SQLException;
import org.postern.database.Tx;
import org.postern.model.MailboxId;

/** Completes a new mailbox in the transaction that makes it: its standard folders. */
@FunctionalInterface
public interface MailboxBorn {
    void born(Tx tx, MailboxId mailbox) throws SQLException;
}
