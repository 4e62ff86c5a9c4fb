package org.postern.accounts;

import org.postern.model.Refusal;

/** What became of a wish to send. Everything but {@link Taken} has taken nothing. */
public sealed interface TakeOutcome {
    record Taken() implements TakeOutcome {}

    /** The message fits later, at the refusal's time. */
    record QuotaReached(Refusal.QuotaReached refusal) implements TakeOutcome {}

    /** The message alone is more than a quota ever allows. */
    record NeverFits(Refusal.TooManyRecipients refusal) implements TakeOutcome {}

    /** An administrator or the abuse watch has locked the mailbox's sending. */
    record Locked(Refusal.SendingLocked refusal) implements TakeOutcome {}
}
