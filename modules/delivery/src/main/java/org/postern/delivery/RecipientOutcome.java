package org.postern.delivery;

import org.postern.model.Refusal;

/** Whether mail to an address is taken. */
public sealed interface RecipientOutcome {
    record Taken(Recipient recipient) implements RecipientOutcome {}

    /** Nobody has the address. */
    record Refused(Refusal refusal) implements RecipientOutcome {}
}
