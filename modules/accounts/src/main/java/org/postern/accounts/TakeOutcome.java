package org.postern.accounts;

import org.postern.model.Refusal;

/** What became of a wish to send. Everything but {@link Taken} has taken nothing. */
public sealed interface TakeOutcome {
    record Taken() implements TakeOutcome {}

    /** The message fits later, at the refusal's time: {@link Refusal.QuotaReached}, {@link Refusal.NewRecipientsReached}. */
    record QuotaReached(Refusal refusal) implements TakeOutcome {}

    /** The message alone is more than is ever allowed: {@link Refusal.TooManyRecipients} or its like for new ones. */
    record NeverFits(Refusal refusal) implements TakeOutcome {}

    /** An administrator or the abuse watch has locked the mailbox's sending. */
    record Locked(Refusal.SendingLocked refusal) implements TakeOutcome {}
}
