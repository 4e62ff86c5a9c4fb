package org.postern.database;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections of the pool: once there, they wait without a time limit of their own, for {@link AnswerWatch} has one. */
final class PoolSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1L;

    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        var connection = super.getConnection(user, password);
        connection.setNetworkTimeout(Runnable::run, 0);
        return connection;
    }
}
