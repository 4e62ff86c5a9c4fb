package org.postern.delivery;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import org.postern.accounts.Entitlements;
import org.postern.accounts.PlanLookup;
import org.postern.accounts.Plans;
import org.postern.database.Database;
import org.postern.mailstore.SpecialFolders;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/**
 * What deliveries must know of mailboxes beforehand, remembered for some seconds: owners' choices change seldom, and a delivery
 * should not ask for them each time. A changed file of plans is heeded at once. How much a mailbox does hold is always exact.
 */
public final class MailboxTerms {
    private static final Duration REMEMBERED = Duration.ofSeconds(10);
    private static final int MAILBOXES = 100_000;
    /** For a mailbox whose plan is not usable: unknown is never unlimited, so nothing fits until the config is mended. */
    private static final StorageLimit NOTHING = new StorageLimit(0);

    private final LoadingCache<MailboxId, Remembered> terms;
    private final Entitlements entitlements;
    private final SpecialFolders folders;

    /**
     * Those of one mailbox.
     *
     * @param storage how much it may hold
     * @param copiesSent whether what it submits is also filed in its folder of sent mail
     * @param mayForward whether mail goes out in its name: it is in use, its plan includes sending, nothing has locked that
     * @param forwards whether it forwards what it gets, and may
     */
    record Terms(StorageLimit storage, boolean copiesSent, boolean mayForward, boolean forwards) {}

    /** @param by the plans that they were read with */
    private record Remembered(Terms terms, Plans by) {}

    private record Choices(boolean copiesSent, boolean sends, boolean forwards) {}

    public MailboxTerms(Database database, Entitlements entitlements, SpecialFolders folders) {
        this.folders = folders;
        this.entitlements = entitlements;
        this.terms = Caffeine.newBuilder()
                .expireAfterWrite(REMEMBERED)
                .maximumSize(MAILBOXES)
                .build(mailbox -> {
                    var plans = entitlements.plans();
                    return new Remembered(terms(choices(database, mailbox), entitlements.planOf(mailbox)), plans);
                });
    }

    /** Not inside a transaction: it may take a connection of its own. */
    Terms of(MailboxId mailbox) {
        var plans = entitlements.plans();
        terms.asMap().computeIfPresent(mailbox, (id, known) -> known.by().equals(plans) ? known : null);
        return terms.get(mailbox).terms();
    }

    /** The folder at that place, as it is called now. Not inside a transaction. */
    FolderName folder(MailboxId mailbox, Place place) {
        return place.use().map(use -> folders.find(mailbox, use)).orElse(FolderName.INBOX);
    }

    private static Terms terms(Choices choices, PlanLookup found) {
        return switch (found) {
            case PlanLookup.Known(var account, var plan) -> {
                boolean mayForward = choices.sends() && plan.sending().allowed();
                yield new Terms(plan.storage(), choices.copiesSent(), mayForward, mayForward && choices.forwards());
            }
            case PlanLookup.Unusable unusable -> new Terms(NOTHING, choices.copiesSent(), false, false);
            case PlanLookup.NoSuchMailbox gone -> new Terms(NOTHING, false, false, false);
        };
    }

    private static Choices choices(Database database, MailboxId mailbox) {
        return database.once(tx -> tx.first(
                        """
                        SELECT copies_sent,
                               m.status = 'active' AND a.status = 'active' AND m.sending_locked_at IS NULL AS sends,
                               EXISTS (SELECT FROM forward f WHERE f.mailbox_id = m.mailbox_id) AS forwards
                          FROM mailbox m JOIN account a USING (account_id) WHERE m.mailbox_id = ?
                        """,
                        row -> new Choices(row.bool("copies_sent"), row.bool("sends"), row.bool("forwards")),
                        mailbox.value()))
                .orElse(new Choices(false, false, false));
    }
}
