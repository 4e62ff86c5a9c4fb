package org.postern.delivery;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import org.postern.accounts.Entitlements;
import org.postern.accounts.PlanLookup;
import org.postern.database.Database;
import org.postern.mailstore.SpecialFolders;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/**
 * What deliveries must know of mailboxes beforehand, remembered for some seconds: plans and owners' choices change seldom, and a
 * delivery should not ask for them each time. How much a mailbox does hold is always exact.
 */
public final class MailboxTerms {
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int MAILBOXES = 100_000;
    /** For a mailbox whose plan is not usable: unknown is never unlimited, so nothing fits until the config is mended. */
    private static final StorageLimit NOTHING = new StorageLimit(0);

    private final LoadingCache<MailboxId, Terms> terms;
    private final SpecialFolders folders;

    /**
     * Those of one mailbox.
     *
     * @param storage how much it may hold
     * @param copiesSent whether what it submits is also filed in its folder of sent mail
     */
    record Terms(StorageLimit storage, boolean copiesSent) {}

    public MailboxTerms(Database database, Entitlements entitlements, SpecialFolders folders) {
        this.folders = folders;
        this.terms = Caffeine.newBuilder()
                .expireAfterWrite(REMEMBERED)
                .maximumSize(MAILBOXES)
                .build(mailbox -> new Terms(storage(entitlements, mailbox), copiesSent(database, mailbox)));
    }

    /** Not inside a transaction: it may take a connection of its own. */
    Terms of(MailboxId mailbox) {
        return terms.get(mailbox);
    }

    /** The folder at that place, as it is called now. Not inside a transaction. */
    FolderName folder(MailboxId mailbox, Place place) {
        return place.use().map(use -> folders.find(mailbox, use)).orElse(FolderName.INBOX);
    }

    private static StorageLimit storage(Entitlements entitlements, MailboxId mailbox) {
        return switch (entitlements.planOf(mailbox)) {
            case PlanLookup.Known known -> known.plan().storage();
            case PlanLookup.Unusable unusable -> NOTHING;
            case PlanLookup.NoSuchMailbox gone -> NOTHING;
        };
    }

    private static boolean copiesSent(Database database, MailboxId mailbox) {
        return database.once(tx -> tx.first(
                        "SELECT copies_sent FROM mailbox WHERE mailbox_id = ?", row -> row.bool(1), mailbox.value()))
                .orElse(false);
    }
}
