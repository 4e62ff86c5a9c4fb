package org.postern.delivery;

/** What happens to mail for a mailbox that is paused, or whose account is suspended. */
public enum PausedMailboxes {
    /** It is taken, and there when the mailbox is resumed. */
    HOLD,
    REFUSE
}
