package org.postern.accounts;

import java.util.List;
import org.postern.model.Refusal;

/** What became of a wish to send. Everything but {@link Taken} has taken nothing. */
public sealed interface TakeOutcome {
    /** @param newRecipients those, folded and in order, that the mailbox had not written to before */
    record Taken(List<String> newRecipients) implements TakeOutcome {
        public Taken {
            newRecipients = List.copyOf(newRecipients);
        }
    }

    /** The message fits later, at the refusal's time: {@link Refusal.QuotaReached}, {@link Refusal.NewRecipientsReached}. */
    record QuotaReached(Refusal refusal) implements TakeOutcome {}

    /** The message alone is more than is ever allowed: {@link Refusal.TooManyRecipients} or its like for new ones. */
    record NeverFits(Refusal refusal) implements TakeOutcome {}

    /** An administrator or the abuse watch has locked the mailbox's sending. */
    record Locked(Refusal.SendingLocked refusal) implements TakeOutcome {}
}
