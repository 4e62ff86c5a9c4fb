package org.postern.accounts;

import java.sql.SQLException;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.MailboxId;

/** What a mailbox may do: its account's plan, with the overrides of account and mailbox applied. One round trip. */
public final class Entitlements {
    public Entitlements(Database database, CurrentPlans plans) {}

    public PlanLookup planOf(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    public PlanLookup planOf(Tx tx, MailboxId mailbox) throws SQLException {
        throw new UnsupportedOperationException();
    }
}
