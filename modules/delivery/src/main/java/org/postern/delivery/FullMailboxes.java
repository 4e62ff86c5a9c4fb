package org.postern.delivery;

/** What is said to another server whose mail finds a mailbox full. */
public enum FullMailboxes {
    /** To try again later: there may be room by then. */
    DEFER,
    /** To give up, and to tell its sender. */
    REFUSE
}
