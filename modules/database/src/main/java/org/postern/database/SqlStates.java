package org.postern.database;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** What an SQLSTATE means for the caller (PostgreSQL 18, appendix A "PostgreSQL Error Codes"). */
final class SqlStates {
    /** serialization_failure, deadlock_detected: rolled back whole, works when run again. */
    private static final Set<String> LOST_RACE = Set.of("40001", "40P01");

    /** feature_not_supported ("cached plan must not change result type"), invalid_sql_statement_name: heal on a new connection. */
    private static final Set<String> STALE_PLAN = Set.of("0A000", "26000");

    /** lock_not_available, query_canceled, the two transaction time-outs, too_many_connections, the shutdowns. */
    private static final Set<String> AWAY = Set.of(
            "55P03", "57014", "25P03", "25P04", "25006", "53000", "53100", "53200", "53300", "53400", "57P01", "57P02",
            "57P03", "57P05", "58000", "58030", "58P01");

    /** The server itself ended the connection. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25P04");

    private SqlStates() {}

    /** Whether the transaction was surely rolled back and running it again may succeed at once. */
    static boolean isWorthRetrying(SQLException e) {
        var state = state(e);
        return LOST_RACE.contains(state) || isStalePlan(e) || isConnectionLost(e);
    }

    static boolean isStalePlan(SQLException e) {
        return STALE_PLAN.contains(state(e));
    }

    /** Whether the connection is gone; a transaction that had not sent COMMIT yet is rolled back by that. */
    static boolean isConnectionLost(SQLException e) {
        var state = state(e);
        return state.startsWith("08") || ENDED.contains(state);
    }

    /** Whether PostgreSQL itself answered COMMIT with an error and lived on: then nothing was committed. */
    static boolean isAnsweredByServer(SQLException e) {
        return e instanceof PSQLException answer && answer.getServerErrorMessage() != null && !isConnectionLost(e);
    }

    /** What leaves the module for {@code e}; {@code outcomeUnknown}: work may have been committed. */
    static RuntimeException translate(SQLException e, boolean outcomeUnknown) {
        var state = state(e);
        if (outcomeUnknown) {
            return new DatabaseUnavailable("the connection broke during commit, outcome unknown: " + text(e), e, true);
        }
        if (state.equals(Undone.STATE)) {
            return new Undone("undone: " + text(e), e);
        }
        var refused = refusedLogin(e);
        if (refused != null) {
            return new DatabaseFailure("the database refuses the login: " + text(refused), e);
        }
        boolean away = e instanceof SQLTransientException
                || e instanceof SQLTimeoutException
                || state.startsWith("08")
                || LOST_RACE.contains(state)
                || AWAY.contains(state);
        return away
                ? new DatabaseUnavailable("database unavailable: " + text(e), e, false)
                : new DatabaseFailure("statement failed: " + text(e), e);
    }

    /** Class 28, invalid authorization, and 3D000, no such database; the pool hides them in the causes. */
    private static @Nullable SQLException refusedLogin(SQLException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && (state(sql).startsWith("28") || state(sql).equals("3D000"))) {
                return sql;
            }
        }
        return null;
    }

    private static String text(SQLException e) {
        var state = state(e);
        return state.isEmpty() ? String.valueOf(e.getMessage()) : e.getMessage() + " [" + state + "]";
    }

    private static String state(SQLException e) {
        var state = e.getSQLState();
        return state == null ? "" : state;
    }
}
