package org.postern.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One connection for the length of one {@link TxWork}: thin statements over JDBC, parameters by position.
 *
 * <p>Parameters: Long, Integer, Short, Double, Boolean, String, byte[], Instant, UUID, InetAddress, {@link ByteStream},
 * {@link Multirange}, long[], int[], boolean[], String[], byte[][], UUID[], Instant[], java.sql.Array; Optional and
 * OptionalLong for what may be NULL. PostgreSQL's {@code ?} operators are written {@code ??}.
 */
public final class Tx {
    /** Rows of {@link #batch} sent before answers are awaited: bounds what both sides buffer. */
    static final int BATCH_ROWS = 1_000;

    private @Nullable Connection connection;
    private final boolean autoCommit;

    Tx(Connection connection, boolean autoCommit) {
        this.connection = connection;
        this.autoCommit = autoCommit;
    }

    /**
     * Exactly one row.
     *
     * @throws DatabaseFailure when there is none, or more than one
     */
    public <T> T one(String sql, RowReader<T> reader, Object... params) throws SQLException {
        return first(sql, reader, params).orElseThrow(() -> new DatabaseFailure("no row from: " + sql));
    }

    /**
     * The row, if there is one.
     *
     * @throws DatabaseFailure when there are more
     */
    public <T> Optional<T> first(String sql, RowReader<T> reader, Object... params) throws SQLException {
        try (var statement = prepare(sql, params);
                var rows = statement.executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            var value = reader.read(new Row(rows));
            if (rows.next()) {
                throw new DatabaseFailure("more than one row from: " + sql);
            }
            return Optional.of(value);
        }
    }

    /** All rows, in memory: the statement bounds their number. */
    public <T> List<T> list(String sql, RowReader<T> reader, Object... params) throws SQLException {
        try (var statement = prepare(sql, params);
                var rows = statement.executeQuery()) {
            var values = new ArrayList<T>();
            var row = new Row(rows);
            while (rows.next()) {
                values.add(reader.read(row));
            }
            return values;
        }
    }

    /** What the function returns. */
    public <T> T value(Call<T> call) throws SQLException {
        return one("SELECT " + call.sql(), row -> call.read(row, 1), call.params);
    }

    /** What two calls return. */
    public record Returned<A, B>(A first, B second) {}

    /**
     * Two calls in one statement, and so in one round trip, one after the other. Without a transaction, too, both happen or none:
     * that statements travel together would not do, for the driver may part them.
     */
    public <A, B> Returned<A, B> inOrder(Call<A> first, Call<B> second) throws SQLException {
        var params = new ArrayList<>(List.of(second.params));
        params.addAll(List.of(first.params));
        return one(
                // The second is evaluated for the one row that the first has made.
                "SELECT earlier.value, " + second.sql() + " FROM (SELECT " + first.sql()
                        + " AS value OFFSET 0) earlier",
                row -> new Returned<>(first.read(row, 1), second.read(row, 2)),
                params.toArray());
    }

    /** Runs a statement and drops what it returns: for {@code SELECT some_function(…)}, or to take locks. */
    public void call(String sql, Object... params) throws SQLException {
        try (var statement = prepare(sql, params)) {
            statement.execute();
        }
    }

    /** @return the rows changed */
    public int update(String sql, Object... params) throws SQLException {
        try (var statement = prepare(sql, params)) {
            return statement.executeUpdate();
        }
    }

    /**
     * One statement for many rows, pipelined; an INSERT … VALUES becomes multi-row.
     *
     * @return the rows changed by each; {@link java.sql.Statement#SUCCESS_NO_INFO} where a rewritten insert hides it
     */
    public int[] batch(String sql, List<Object[]> rows) throws SQLException {
        if (autoCommit) {
            // Half of it could be committed when the other half fails.
            throw new IllegalStateException("a batch needs a transaction");
        }
        var counts = new int[rows.size()];
        try (var statement = jdbc().prepareStatement(sql)) {
            for (int from = 0; from < rows.size(); from += BATCH_ROWS) {
                int to = Math.min(rows.size(), from + BATCH_ROWS);
                for (var row : rows.subList(from, to)) {
                    Parameters.bind(statement, row);
                    statement.addBatch();
                }
                var some = statement.executeBatch();
                System.arraycopy(some, 0, counts, from, some.length);
            }
        }
        return counts;
    }

    /**
     * Many rows, or large ones, stored while they are made: {@code COPY … FROM STDIN}. None of them if it fails.
     *
     * @param into a table and its columns
     * @return how many rows there were
     * @throws IOException as {@code source} does
     */
    public long copy(String into, CopySource source) throws SQLException, IOException {
        var copy =
                jdbc().unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + into + " FROM STDIN (FORMAT binary)");
        try {
            var rows = new CopyRows(copy);
            source.writeTo(rows);
            rows.end();
            return copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Streams the rows, {@code fetchSize} in memory at a time. */
    public void each(String sql, int fetchSize, RowConsumer consumer, Object... params) throws SQLException {
        if (autoCommit) {
            // Without a transaction the driver reads the whole result into memory.
            throw new IllegalStateException("a streamed result needs a transaction");
        }
        if (fetchSize < 1) {
            throw new IllegalArgumentException("fetch size must be at least 1: " + fetchSize);
        }
        try (var statement = prepare(sql, params)) {
            statement.setFetchSize(fetchSize);
            try (ResultSet rows = statement.executeQuery()) {
                var row = new Row(rows);
                while (rows.next()) {
                    consumer.accept(row);
                }
            }
        }
    }

    /** The connection itself; commit and rollback stay {@link Database}'s. */
    public Connection jdbc() {
        var open = connection;
        if (open == null) {
            throw new IllegalStateException("the transaction is over");
        }
        return open;
    }

    /** Ends the use of this object: a Tx that escaped its work must not touch the next one's connection. */
    void end() {
        connection = null;
    }

    private PreparedStatement prepare(String sql, Object... params) throws SQLException {
        var statement = jdbc().prepareStatement(sql);
        try {
            Parameters.bind(statement, params);
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
