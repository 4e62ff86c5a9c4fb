package org.postern.accounts;

import java.sql.SQLException;
import org.postern.database.Tx;
import org.postern.model.Domain;

/** Completes a new domain in the transaction that makes it: the keys that sign its mail. */
@FunctionalInterface
public interface DomainBorn {
    void born(Tx tx, Domain domain) throws SQLException;
}
