package org.postern.delivery;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.delivery.dsn.Action;
import org.postern.delivery.dsn.Notify;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * One recipient of a message, as RCPT named it.
 *
 * @param mailbox where it is delivered; empty for another host's domain: relayed
 * @param parameters of RCPT, by the keywords of the wire in capitals: NOTIFY, ORCPT (RFC 3461 §4)
 */
public record Recipient(Address address, Optional<MailboxId> mailbox, Map<String, String> parameters) {
    public Recipient {
        parameters = Map.copyOf(parameters);
    }

    public Recipient(Address address, Optional<MailboxId> mailbox) {
        this(address, mailbox, Map.of());
    }

    public Recipient with(Map<String, String> said) {
        return new Recipient(address, mailbox, said);
    }

    /** Local ones first, one for each mailbox; then the others, one for each address. */
    static List<Recipient> distinct(List<Recipient> all) {
        var local = new LinkedHashMap<MailboxId, Recipient>();
        var relayed = new LinkedHashMap<String, Recipient>();
        for (var recipient : all) {
            recipient
                    .mailbox()
                    .ifPresentOrElse(
                            mailbox -> local.putIfAbsent(mailbox, recipient),
                            () -> relayed.putIfAbsent(recipient.address().toString(), recipient));
        }
        var distinct = new ArrayList<>(local.values());
        distinct.addAll(relayed.values());
        return distinct;
    }

    /** Whether the sender wants to hear when the message is delivered (RFC 3461 §4.1). */
    boolean asksForSuccess() {
        return Notify.of(parameters).wants(Action.DELIVERED);
    }
}
