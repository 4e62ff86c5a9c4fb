package org.postern.server.config;

/** What a port speaks. */
public enum ListenerProtocol {
    IMAP("imap"),
    POP3("pop3"),
    /** Submission. */
    SMTP("smtp"),
    LMTP("smtp"),
    /** SMTP of other servers. */
    MX("smtp"),
    /** The page for owners of mailboxes. */
    HTTPS("https");

    private final String family;

    ListenerProtocol(String family) {
        this.family = family;
    }

    /** The protocol's name in metrics. */
    public String family() {
        return family;
    }
}
