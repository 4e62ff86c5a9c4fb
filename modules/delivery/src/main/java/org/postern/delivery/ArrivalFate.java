package org.postern.delivery;

import org.postern.model.Refusal;

/** What became of an arrival for one of its recipients. */
public sealed interface ArrivalFate {
    /** It is in the mailbox. */
    record Delivered() implements ArrivalFate {}

    /** It is in our queue, and follows by itself. */
    record Queued() implements ArrivalFate {}

    /** It is neither: whoever sent it still has it. */
    record Refused(Refusal refusal) implements ArrivalFate {}
}
