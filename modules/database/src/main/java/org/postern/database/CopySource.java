package org.postern.database;

import java.io.IOException;
import java.sql.SQLException;

/** Makes the rows of a {@link Tx#copy}. */
@FunctionalInterface
public interface CopySource {
    void writeTo(CopyRows rows) throws SQLException, IOException;
}
