package org.postern.delivery;

import java.util.Optional;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/** Where a recipient's mail goes. Of a message, each destination gets one copy, however many recipients lead there. */
public sealed interface Destination {
    record Mailbox(MailboxId id) implements Destination {}

    /**
     * To others, whom the queue finds.
     *
     * @param group whose address leads to them, without detail
     * @param owner the mailbox that answers for it
     */
    record Group(Address group, MailboxId owner) implements Destination {}

    /** Another host: relayed. */
    record Elsewhere(Address address) implements Destination {}

    /** The mailbox of ours that gets it, or answers for who does. */
    default Optional<MailboxId> mailbox() {
        return switch (this) {
            case Mailbox(var id) -> Optional.of(id);
            case Group(var group, var owner) -> Optional.of(owner);
            case Elsewhere elsewhere -> Optional.empty();
        };
    }
}
