package org.postern.imap.view;

/** Whether EXPUNGE responses may be sent: not while FETCH, STORE or SEARCH with sequence numbers run (RFC 3501 §7.4.1). */
public enum Expunges {
    MAY,
    HELD
}
