package org.postern.smtp.inbound;

import java.util.List;

/** How mail comes in. */
enum InboundProtocol {
    LMTP("LHLO"),
    MX("EHLO", "HELO");

    private final List<String> greetings;

    InboundProtocol(String... greetings) {
        this.greetings = List.of(greetings);
    }

    /** The verbs that begin a session. */
    List<String> greetings() {
        return greetings;
    }

    /** The "with" name of Received fields (RFC 3848). */
    String received(boolean secure, boolean extended) {
        return switch (this) {
            case LMTP -> secure ? "LMTPS" : "LMTP";
            case MX -> extended ? (secure ? "ESMTPS" : "ESMTP") : "SMTP";
        };
    }
}
