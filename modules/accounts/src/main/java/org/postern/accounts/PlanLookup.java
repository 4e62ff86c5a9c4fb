package org.postern.accounts;

import org.postern.model.AccountId;
import org.postern.model.Plan;
import org.postern.model.PlanName;

/** What a mailbox is entitled to, or why that is not known. Unknown is never unlimited. */
public sealed interface PlanLookup {
    /** @param plan the account's plan with the overrides of account and mailbox applied */
    record Known(AccountId account, Plan plan) implements PlanLookup {}

    /** The config has no such plan, or an override that does not fit it. */
    record Unusable(PlanName plan, String why) implements PlanLookup {}

    record NoSuchMailbox() implements PlanLookup {}
}
