package org.postern.database;

import java.sql.SQLException;

/** What to do with the database, between checkout and commit; it may run more than once and must not wait for a peer. */
@FunctionalInterface
public interface TxWork<T> {
    T in(Tx tx) throws SQLException;
}
