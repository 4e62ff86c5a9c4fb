package org.postern.delivery;

import java.util.Optional;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * One recipient of a message, as RCPT named it.
 *
 * @param mailbox where it is delivered; empty for another host's domain: relayed
 */
public record Recipient(Address address, Optional<MailboxId> mailbox) {}
