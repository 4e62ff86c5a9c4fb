package org.postern.accounts;

import org.postern.model.Address;

/** Who has something different from a plan. */
public sealed interface PlanSubject {
    /** All mailboxes of an account, and what is counted for the account. */
    record OfAccount(AccountName account) implements PlanSubject {}

    /** One mailbox, over what its account has. */
    record OfMailbox(Address address) implements PlanSubject {}
}
