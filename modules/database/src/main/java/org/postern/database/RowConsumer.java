package org.postern.database;

import java.sql.SQLException;

/** Takes the rows of a streamed result one by one. */
@FunctionalInterface
public interface RowConsumer {
    void accept(Row row) throws SQLException;
}
