package org.postern.delivery;

import java.util.Optional;
import org.postern.accounts.Directory;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Resolution;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.Refusal;

/** Decides at RCPT whether mail to an address is taken, and where it goes. */
public final class Recipients {
    private final Directory directory;
    private final Mailboxes mailboxes;
    private final PausedMailboxes paused;

    public Recipients(Directory directory, Mailboxes mailboxes, PausedMailboxes paused) {
        this.directory = directory;
        this.mailboxes = mailboxes;
        this.paused = paused;
    }

    /**
     * One round trip, or two where mail for paused mailboxes is refused. A full mailbox is found out at delivery, where the answer
     * is exact.
     */
    public RecipientOutcome find(Address address) {
        return switch (directory.resolve(address)) {
            case Resolution.Local local ->
                takes(local.mailbox())
                        ? new RecipientOutcome.Taken(new Recipient(address, Optional.of(local.mailbox())))
                        : new RecipientOutcome.Refused(new Refusal.MailboxPaused(address));
            case Resolution.Elsewhere elsewhere -> new RecipientOutcome.Taken(new Recipient(address, Optional.empty()));
            case Resolution.NoSuchAddress nobody -> new RecipientOutcome.Refused(new Refusal.NoSuchRecipient(address));
        };
    }

    private boolean takes(MailboxId mailbox) {
        return switch (paused) {
            case HOLD -> true;
            case REFUSE -> mailboxes.isInUse(mailbox);
        };
    }
}
