package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Domains: each belongs to one account. */
public final class Domains {
    public Domains(Database database) {}

    public Outcome<DomainInfo> add(AccountName account, Domain domain) {
        throw new UnsupportedOperationException();
    }

    /** Those of one account, or all. */
    public Outcome<List<DomainInfo>> list(Optional<AccountName> account) {
        throw new UnsupportedOperationException();
    }

    /** Who gets the mail of addresses that nobody has; empty for nobody. The mailbox must be of the domain's account. */
    public Outcome<DomainInfo> catchAll(Domain domain, Optional<Address> mailbox) {
        throw new UnsupportedOperationException();
    }
}
