package org.postern.imap.command;

import java.util.Optional;
import java.util.Set;

/** What a client can ask to be told of (RFC 5465 §5). */
public enum Event {
    MESSAGE_NEW("MessageNew"),
    MESSAGE_EXPUNGE("MessageExpunge"),
    FLAG_CHANGE("FlagChange"),
    MAILBOX_NAME("MailboxName"),
    SUBSCRIPTION_CHANGE("SubscriptionChange"),
    MAILBOX_METADATA_CHANGE("MailboxMetadataChange"),
    SERVER_METADATA_CHANGE("ServerMetadataChange");

    /** {@code message-event}. */
    public static final Set<Event> OF_MESSAGES = Set.of(MESSAGE_NEW, MESSAGE_EXPUNGE, FLAG_CHANGE);

    private final String wire;

    Event(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** @param name in any case */
    public static Optional<Event> of(String name) {
        for (var event : values()) {
            if (event.wire.equalsIgnoreCase(name)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }
}
