package org.postern.imap;

/** Where a session stands (RFC 3501 §3). */
public enum State {
    NOT_AUTHENTICATED,
    AUTHENTICATED,
    SELECTED
}
