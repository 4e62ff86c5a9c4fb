package org.postern.accounts;

import java.time.Instant;
import java.util.Map;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * Something that a mailbox's owner is to be told.
 *
 * @param caseName the stable name of the event that it tells of
 * @param detail what the message fills in
 */
public record Notice(
        long id, MailboxId mailbox, Address address, Instant at, String caseName, Map<String, String> detail) {
    public Notice {
        detail = Map.copyOf(detail);
    }
}
