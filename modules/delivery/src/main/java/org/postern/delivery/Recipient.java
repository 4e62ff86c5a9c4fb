package org.postern.delivery;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postern.delivery.dsn.Action;
import org.postern.delivery.dsn.Notify;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * One recipient of a message, as RCPT named it.
 *
 * @param parameters of RCPT, by the keywords of the wire in capitals: NOTIFY, ORCPT (RFC 3461 §4)
 */
public record Recipient(Address address, Destination destination, Map<String, String> parameters) {
    public Recipient {
        parameters = Map.copyOf(parameters);
    }

    public Recipient(Address address, Destination destination) {
        this(address, destination, Map.of());
    }

    /** @param mailbox where it is delivered; empty for another host's domain: relayed */
    public Recipient(Address address, Optional<MailboxId> mailbox) {
        this(
                address,
                mailbox.<Destination>map(Destination.Mailbox::new).orElseGet(() -> new Destination.Elsewhere(address)));
    }

    public Recipient with(Map<String, String> said) {
        return new Recipient(address, destination, said);
    }

    /** The mailbox of ours that gets it, or answers for who does; empty when it is relayed. */
    public Optional<MailboxId> mailbox() {
        return destination.mailbox();
    }

    /** One for each destination, local ones first. */
    static List<Recipient> distinct(List<Recipient> all) {
        var distinct = new LinkedHashMap<Destination, Recipient>();
        all.forEach(recipient -> distinct.putIfAbsent(recipient.destination(), recipient));
        return distinct.values().stream()
                .sorted(Comparator.comparing(recipient -> recipient.mailbox().isEmpty())) // Stable; false first.
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** Whether the sender wants to hear when the message is delivered (RFC 3461 §4.1). */
    boolean asksForSuccess() {
        return Notify.of(parameters).wants(Action.DELIVERED);
    }
}
