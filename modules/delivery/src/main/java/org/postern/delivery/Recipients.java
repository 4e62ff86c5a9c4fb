package org.postern.delivery;

import java.util.Optional;
import org.postern.accounts.Directory;
import org.postern.accounts.Resolution;
import org.postern.model.Address;
import org.postern.model.Refusal;

/** Decides at RCPT whether mail to an address is taken, and where it goes. */
public final class Recipients {
    private final Directory directory;

    public Recipients(Directory directory) {
        this.directory = directory;
    }

    /** One round trip. A full mailbox is found out at delivery, where the answer is exact. */
    public RecipientOutcome find(Address address) {
        return switch (directory.resolve(address)) {
            case Resolution.Local local ->
                new RecipientOutcome.Taken(new Recipient(address, Optional.of(local.mailbox())));
            case Resolution.Elsewhere elsewhere -> new RecipientOutcome.Taken(new Recipient(address, Optional.empty()));
            case Resolution.NoSuchAddress nobody -> new RecipientOutcome.Refused(new Refusal.NoSuchRecipient(address));
        };
    }
}
