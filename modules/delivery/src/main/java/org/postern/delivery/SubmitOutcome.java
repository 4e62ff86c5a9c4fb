package org.postern.delivery;

import org.postern.model.Refusal;

/** What became of a submission. */
public sealed interface SubmitOutcome {
    /**
     * Committed: the message is safe.
     *
     * @param delivered mailboxes in whose INBOX it already is
     * @param queued recipients that follow from the queue
     */
    record Accepted(int delivered, int queued) implements SubmitOutcome {}

    /** Nothing of it is kept. */
    record Refused(Refusal refusal) implements SubmitOutcome {}
}
