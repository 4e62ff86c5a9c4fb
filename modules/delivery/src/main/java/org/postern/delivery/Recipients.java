package org.postern.delivery;

import java.util.function.BooleanSupplier;
import org.postern.accounts.Directory;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Resolution;
import org.postern.model.Address;
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
                holdsFor(() -> mailboxes.isInUse(local.mailbox()))
                        ? taken(address, new Destination.Mailbox(local.mailbox()))
                        : new RecipientOutcome.Refused(new Refusal.MailboxPaused(address));
            // Its owner's pause is not the others'; a suspended account's is everybody's.
            case Resolution.Leads leads ->
                holdsFor(() -> mailboxes.isInUse(leads.account()))
                        ? taken(address, new Destination.Group(leads.group(), leads.owner()))
                        : new RecipientOutcome.Refused(new Refusal.MailboxPaused(address));
            case Resolution.Elsewhere elsewhere -> taken(address, new Destination.Elsewhere(address));
            case Resolution.NoSuchAddress nobody -> new RecipientOutcome.Refused(new Refusal.NoSuchRecipient(address));
        };
    }

    private static RecipientOutcome taken(Address address, Destination destination) {
        return new RecipientOutcome.Taken(new Recipient(address, destination));
    }

    private boolean holdsFor(BooleanSupplier inUse) {
        return switch (paused) {
            case HOLD -> true;
            case REFUSE -> inUse.getAsBoolean();
        };
    }
}
