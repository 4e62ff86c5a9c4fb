package org.postern.mailstore.sharing;

import org.postern.model.Address;
import org.postern.model.MailboxId;

/** Whom an entry of a folder's access control list concerns: RFC 4314's identifier. */
public sealed interface Grantee {
    /** Every mailbox of the owner's account. */
    record Anyone() implements Grantee {
        @Override
        public String name() {
            return "anyone";
        }

        @Override
        public long key() {
            return 0;
        }
    }

    /** @param address its own, not an alias */
    record Member(MailboxId mailbox, Address address) implements Grantee {
        @Override
        public String name() {
            return address.toString();
        }

        @Override
        public long key() {
            return mailbox.value();
        }
    }

    /** As clients read it. */
    String name();

    /** {@code folder_acl.grantee}. */
    long key();
}
