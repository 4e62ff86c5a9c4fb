package org.postern.imap;

/** Where a session stands (RFC 3501 §3). */
public enum State {
    NOT_AUTHENTICATED("before login"),
    AUTHENTICATED("with no folder selected, or after login"),
    SELECTED("while a folder is selected");

    private final String description;

    State(String description) {
        this.description = description;
    }

    /** When that is, in words for a client whose command is not possible then. */
    String description() {
        return description;
    }
}
