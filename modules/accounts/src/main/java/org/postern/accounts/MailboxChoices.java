package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.model.Address;

/**
 * What the owner of a mailbox may choose; what is empty stays as it is.
 *
 * @param pop3KeepsCopy whether what POP3 removes from now on stays on the server; what it has hidden already stays hidden
 * @param copiesSent whether what the mailbox submits is also filed in its folder of sent mail
 * @param forwardTo who gets what it gets; nobody, when the list is empty
 * @param forwardKeepsCopy whether what is forwarded is also delivered to the mailbox itself
 */
public record MailboxChoices(
        Optional<Boolean> pop3KeepsCopy,
        Optional<Boolean> copiesSent,
        Optional<List<Address>> forwardTo,
        Optional<Boolean> forwardKeepsCopy) {
    public static final MailboxChoices NONE =
            new MailboxChoices(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    public MailboxChoices {
        forwardTo = forwardTo.map(List::copyOf);
    }

    public MailboxChoices pop3KeepsCopy(boolean keeps) {
        return new MailboxChoices(Optional.of(keeps), copiesSent, forwardTo, forwardKeepsCopy);
    }

    public MailboxChoices copiesSent(boolean copies) {
        return new MailboxChoices(pop3KeepsCopy, Optional.of(copies), forwardTo, forwardKeepsCopy);
    }

    public MailboxChoices forwards(Forwarding forwarding) {
        return new MailboxChoices(
                pop3KeepsCopy, copiesSent, Optional.of(forwarding.to()), Optional.of(forwarding.keepsCopy()));
    }
}
