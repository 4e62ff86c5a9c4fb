package org.postern.database;

import java.sql.SQLException;
import java.util.Collections;
import java.util.function.Function;

/** A call of one of our functions in the database, which returns one value, and how that is read. */
public final class Call<T> {
    final String function;
    final Object[] params;
    private final ColumnReader<T> reader;

    /** Turns one column of a row into a value. */
    @FunctionalInterface
    public interface ColumnReader<T> {
        T read(Row row, int column) throws SQLException;
    }

    /** @param params as {@link Tx} takes them */
    public Call(String function, ColumnReader<T> reader, Object... params) {
        this.function = function;
        this.params = params;
        this.reader = reader;
    }

    /** The same call, whose value is turned into something else. */
    public <R> Call<R> map(Function<? super T, R> then) {
        return new Call<>(function, (row, column) -> then.apply(read(row, column)), params);
    }

    T read(Row row, int column) throws SQLException {
        return reader.read(row, column);
    }

    String sql() {
        return function + '(' + String.join(", ", Collections.nCopies(params.length, "?")) + ')';
    }
}
