package org.postern.database;

import java.sql.SQLException;

/** Turns one row into a value. */
@FunctionalInterface
public interface RowReader<T> {
    T read(Row row) throws SQLException;
}
