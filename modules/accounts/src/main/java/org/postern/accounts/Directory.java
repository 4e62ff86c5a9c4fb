package org.postern.accounts;

import java.sql.SQLException;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.Domain;

/** Where mail to an address goes. One round trip, one index probe; nothing is cached, so a change is felt at once. */
public final class Directory {
    public Directory(Database database) {}

    public Resolution resolve(Address address) {
        throw new UnsupportedOperationException();
    }

    public Resolution resolve(Tx tx, Address address) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** Whether mail to the domain is ours to deliver. */
    public boolean isOurs(Domain domain) {
        throw new UnsupportedOperationException();
    }
}
