package org.postern.accounts;

import java.sql.SQLException;
import java.util.List;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.MailboxId;
import org.postern.model.Plan;

/** Exact rolling windows over what accounts and mailboxes send. */
public final class SendQuotas {
    /**
     * Takes the slots of one message, or none, in one round trip. Called last in the accepting transaction: the usage
     * rows stay locked until it ends.
     *
     * @param recipients of the message, 1 or more; the plan says whether it weighs one or that many
     */
    public TakeOutcome take(Tx tx, AccountId account, MailboxId mailbox, Plan plan, int recipients)
            throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Each quota of the plan as it stands now. */
    public List<QuotaUsage> usage(AccountId account, MailboxId mailbox, Plan plan) {
        throw new UnsupportedOperationException();
    }
}
