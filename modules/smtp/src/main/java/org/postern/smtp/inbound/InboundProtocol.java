package org.postern.smtp.inbound;

import java.util.List;

/** How mail comes in. */
enum InboundProtocol {
    LMTP,
    MX;

    /** The verbs that begin a session. */
    List<String> greetings() {
        return switch (this) {
            case LMTP -> List.of("LHLO");
            case MX -> List.of("EHLO", "HELO");
        };
    }

    /** The "with" name of Received fields (RFC 3848). */
    String received(boolean secure, boolean extended) {
        return switch (this) {
            case LMTP -> secure ? "LMTPS" : "LMTP";
            case MX -> extended ? (secure ? "ESMTPS" : "ESMTP") : "SMTP";
        };
    }
}
