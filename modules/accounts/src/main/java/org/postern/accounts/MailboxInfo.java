package org.postern.accounts;

import java.time.Instant;
import java.util.List;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * A mailbox as an administrator sees it.
 *
 * @param pop3KeepsCopy whether what POP3 removes stays on the server, for IMAP to see
 * @param copiesSent whether what the mailbox submits is also filed in its folder of sent mail
 */
public record MailboxInfo(
        MailboxId id,
        AccountId account,
        Address address,
        String displayName,
        boolean paused,
        boolean hasPassword,
        boolean pop3KeepsCopy,
        boolean copiesSent,
        Forwarding forwarding,
        Instant createdAt,
        List<Address> aliases) {
    public MailboxInfo {
        aliases = List.copyOf(aliases);
    }
}
