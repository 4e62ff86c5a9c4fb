package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Mailboxes and their aliases. */
public final class Mailboxes {
    public Mailboxes(Database database, AccountPasswords passwords, MailboxBorn born) {}

    /** @param address in one of our domains, without {@code +detail} */
    public Outcome<MailboxInfo> add(Address address, String displayName) {
        throw new UnsupportedOperationException();
    }

    public List<MailboxInfo> list(Optional<Domain> domain) {
        throw new UnsupportedOperationException();
    }

    /** @param address its own or an alias */
    public Outcome<MailboxInfo> show(Address address) {
        throw new UnsupportedOperationException();
    }

    /** Logins fail from now on, and live connections end at once, cluster-wide. */
    public Outcome<MailboxInfo> pause(Address address) {
        throw new UnsupportedOperationException();
    }

    public Outcome<MailboxInfo> resume(Address address) {
        throw new UnsupportedOperationException();
    }

    /** Sets the account password, which opens the console only. */
    public Outcome<MailboxInfo> setPassword(Address address, String password) {
        throw new UnsupportedOperationException();
    }

    /** Sets a generated account password and returns it, the only time it is seen. */
    public Outcome<String> generatePassword(Address address) {
        throw new UnsupportedOperationException();
    }

    public Outcome<MailboxInfo> addAlias(Address alias, Address mailbox) {
        throw new UnsupportedOperationException();
    }

    public Outcome<MailboxInfo> removeAlias(Address alias) {
        throw new UnsupportedOperationException();
    }
}
