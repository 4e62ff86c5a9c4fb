package org.postern.server.config;

import org.postern.model.Protocol;

/** What a port speaks. */
public enum ListenerProtocol {
    IMAP(Protocol.IMAP),
    POP3(Protocol.POP3),
    /** Submission. */
    SMTP(Protocol.SMTP),
    LMTP(Protocol.SMTP),
    /** SMTP of other servers. */
    MX(Protocol.SMTP);

    private final Protocol family;

    ListenerProtocol(Protocol family) {
        this.family = family;
    }

    /** Whose words it uses to refuse. */
    public Protocol family() {
        return family;
    }
}
