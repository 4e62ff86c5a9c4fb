package org.postern.delivery;

import java.util.List;
import java.util.Optional;
import org.postern.model.Address;

/**
 * One message that another server has handed over, complete.
 *
 * @param returnPath where bounces go; empty for the null return path
 * @param recipients all local; at least one
 * @param letter with our trace fields in front, line ends CRLF; the caller closes its bytes afterwards
 * @param junk whether it goes to the recipients' folders of junk, a group's to its owner's; then nobody passes it on
 * @param traceId of the session and message, as in the Received field and the logs
 */
public record Arrival(
        Optional<Address> returnPath,
        List<Recipient> recipients,
        Letter letter,
        MailOptions options,
        boolean junk,
        String traceId) {
    public Arrival {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("an arrival has at least one recipient");
        }
        if (recipients.stream().anyMatch(recipient -> recipient.mailbox().isEmpty())) {
            throw new IllegalArgumentException("nothing that arrives is relayed");
        }
    }

    /** Where in their mailboxes it goes. */
    Place place() {
        return junk ? Place.JUNK : Place.INBOX;
    }
}
