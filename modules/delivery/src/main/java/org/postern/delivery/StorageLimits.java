package org.postern.delivery;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import org.postern.accounts.Entitlements;
import org.postern.accounts.PlanLookup;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/**
 * How much the mailboxes that get mail may hold: their plans' storage, remembered for some seconds, because a plan changes
 * seldom and a delivery should not ask for it each time. How much they do hold is always exact.
 */
public final class StorageLimits {
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int MAILBOXES = 100_000;
    /** For a mailbox whose plan is not usable: unknown is never unlimited, so nothing fits until the config is mended. */
    private static final StorageLimit NOTHING = new StorageLimit(0);

    private final LoadingCache<MailboxId, StorageLimit> limits;

    public StorageLimits(Entitlements entitlements) {
        this.limits = Caffeine.newBuilder()
                .expireAfterWrite(REMEMBERED)
                .maximumSize(MAILBOXES)
                .build(mailbox -> read(entitlements, mailbox));
    }

    /** Not inside a transaction: it may take a connection of its own. */
    StorageLimit of(MailboxId mailbox) {
        return limits.get(mailbox);
    }

    private static StorageLimit read(Entitlements entitlements, MailboxId mailbox) {
        return switch (entitlements.planOf(mailbox)) {
            case PlanLookup.Known known -> known.plan().storage();
            case PlanLookup.Unusable unusable -> NOTHING;
            case PlanLookup.NoSuchMailbox gone -> NOTHING;
        };
    }
}
