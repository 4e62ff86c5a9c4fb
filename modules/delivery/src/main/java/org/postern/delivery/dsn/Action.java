package org.postern.delivery.dsn;

import java.util.Locale;

/** What has become of a recipient (RFC 3464 §2.3.3). */
public enum Action {
    FAILED("Undelivered Mail Returned to Sender", "Your message could not be delivered to:"),
    DELAYED("Delayed Mail (still being retried)", "Your message has not been delivered yet to:"),
    /** Handed to a host that does not report deliveries. */
    RELAYED("Mail Relay Report", "Your message was passed on, to a system that does not report deliveries, for:"),
    DELIVERED("Successful Mail Delivery Report", "Your message was delivered to:");

    private final String subject;
    private final String opening;

    Action(String subject, String opening) {
        this.subject = subject;
        this.opening = opening;
    }

    /** As the Action field has it. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    String subject() {
        return subject;
    }

    /** What is said to people in front of the addresses. */
    String opening() {
        return opening;
    }
}
