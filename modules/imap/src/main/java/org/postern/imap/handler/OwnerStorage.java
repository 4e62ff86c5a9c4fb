package org.postern.imap.handler;

import org.postern.accounts.Access;
import org.postern.accounts.Entitlements;
import org.postern.accounts.PlanLookup;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/** How much a mailbox may hold: what others put into a folder of its counts against the owner's plan. */
public final class OwnerStorage {
    /** For a mailbox whose plan is not usable: unknown is never unlimited. */
    private static final StorageLimit NOTHING = new StorageLimit(0);

    private final Entitlements entitlements;

    public OwnerStorage(Entitlements entitlements) {
        this.entitlements = entitlements;
    }

    public StorageLimit of(MailboxId owner, Access access) {
        if (owner.equals(access.mailbox())) {
            return access.plan().storage();
        }
        return switch (entitlements.planOf(owner)) {
            case PlanLookup.Known known -> known.plan().storage();
            case PlanLookup.Unusable _, PlanLookup.NoSuchMailbox _ -> NOTHING;
        };
    }
}
