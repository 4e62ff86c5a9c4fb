package org.postern.accounts;

import java.util.Optional;

/**
 * What the owner of a mailbox may choose; what is empty stays as it is.
 *
 * @param pop3KeepsCopy whether what POP3 removes from now on stays on the server; what it has hidden already stays hidden
 * @param copiesSent whether what the mailbox submits is also filed in its folder of sent mail
 */
public record MailboxChoices(Optional<Boolean> pop3KeepsCopy, Optional<Boolean> copiesSent) {
    public static final MailboxChoices NONE = new MailboxChoices(Optional.empty(), Optional.empty());

    public MailboxChoices pop3KeepsCopy(boolean keeps) {
        return new MailboxChoices(Optional.of(keeps), copiesSent);
    }

    public MailboxChoices copiesSent(boolean copies) {
        return new MailboxChoices(pop3KeepsCopy, Optional.of(copies));
    }
}
