package org.postern.accounts;

import java.util.List;
import org.postern.database.Database;
import org.postern.model.PlanName;

/** Accounts: the customers. */
public final class Accounts {
    public Accounts(Database database, CurrentPlans plans) {}

    public Outcome<AccountInfo> add(AccountName name, PlanName plan) {
        throw new UnsupportedOperationException();
    }

    public List<AccountInfo> list() {
        throw new UnsupportedOperationException();
    }

    public Outcome<AccountInfo> show(AccountName name) {
        throw new UnsupportedOperationException();
    }

    public Outcome<AccountInfo> changePlan(AccountName name, PlanName plan) {
        throw new UnsupportedOperationException();
    }

    /** Live connections of its mailboxes end at once, cluster-wide. */
    public Outcome<AccountInfo> suspend(AccountName name) {
        throw new UnsupportedOperationException();
    }

    public Outcome<AccountInfo> resume(AccountName name) {
        throw new UnsupportedOperationException();
    }
}
