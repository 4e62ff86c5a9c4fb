package org.postern.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cell's database: a pool of connections and the three ways to use one.
 *
 * <p>Every connection has the cell's schema in front of its {@code search_path} and the time limits of
 * {@link DatabaseSettings}. A thread that already holds a connection may not take a second one: sixteen threads that
 * each hold one and wait for another would wait for ever.
 */
public final class Database implements AutoCloseable {
    /** How often work is run before a lost race counts as overload. */
    static final int MAX_ATTEMPTS = 8;

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(2);
    private static final Duration MAX_BACKOFF = Duration.ofMillis(200);

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final DatabaseSettings settings;
    private final HikariDataSource pool;
    private final AnswerWatch answers = new AnswerWatch();
    private final ScopedValue<Boolean> holdsConnection = ScopedValue.newInstance();
    private final LongAdder retries = new LongAdder();
    private final LongAdder unavailable = new LongAdder();

    private Database(DatabaseSettings settings, HikariDataSource pool) {
        this.settings = settings;
        this.pool = pool;
    }

    /**
     * Migrates {@code directory}, then the cell's schema, then opens the pool. Several nodes may do so at once.
     *
     * @throws DatabaseUnavailable when there is no database to speak to
     * @throws DatabaseFailure when it refuses the login, or a migration fails
     */
    public static Database open(DatabaseSettings settings) {
        migrate(settings);
        return attach(settings);
    }

    /** Only migrates; for a tool, or a test's template. Throws what {@link #open} throws. */
    public static void migrate(DatabaseSettings settings) {
        Migrations.run(settings);
    }

    /** Opens the pool over schemas that somebody else has migrated; does not speak to the database yet. */
    public static Database attach(DatabaseSettings settings) {
        return new Database(settings, new HikariDataSource(Connections.pool(settings)));
    }

    /**
     * Runs {@code work} in one READ COMMITTED transaction.
     *
     * <p>When it loses a race (serialization failure, deadlock) or its connection before COMMIT was sent, it is run
     * again, {@value #MAX_ATTEMPTS} times in all: {@code work} must not leave traces outside the database.
     *
     * @throws DatabaseUnavailable nothing was done, or {@link DatabaseUnavailable#outcomeUnknown()} when the
     *     connection broke while COMMIT was under way
     */
    public <T> T transact(TxWork<T> work) {
        return run(Mode.WRITE, work);
    }

    /** Runs {@code work} on one snapshot that cannot write: REPEATABLE READ READ ONLY. */
    public <T> T read(TxWork<T> work) {
        return run(Mode.READ, work);
    }

    /**
     * Runs {@code work}, a single statement that commits itself: one round trip. Never run twice; when the connection
     * breaks the outcome is unknown.
     *
     * @throws Undone when the statement says so
     */
    public <T> T once(TxWork<T> work) {
        return run(Mode.ONCE, work);
    }

    /** A new listener on its own connection, outside the pool. */
    public Notifications listen() {
        return Notifications.open(settings);
    }

    /** Publishes the pool's gauges and timers ({@code hikaricp.*}), retries and failures. Once per database. */
    public void bindTo(MeterRegistry registry) {
        pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(registry));
        FunctionCounter.builder("postern.database.retries", retries, LongAdder::sum)
                .description("Transactions run again after a lost race or connection")
                .register(registry);
        FunctionCounter.builder("postern.database.unavailable", unavailable, LongAdder::sum)
                .description("Times a caller heard that the database is unavailable")
                .register(registry);
    }

    /** Whether a statement comes back now: for health checks; waits no longer than {@link DatabaseSettings} allow. */
    public boolean answers() {
        try {
            return once(tx -> tx.one("SELECT true", row -> row.bool(1)));
        } catch (DatabaseUnavailable e) {
            LOG.debug("no answer", e);
            return false;
        }
    }

    public DatabaseSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        pool.close();
        answers.close();
    }

    private enum Mode {
        WRITE,
        READ,
        ONCE
    }

    private <T> T run(Mode mode, TxWork<T> work) {
        if (holdsConnection.isBound()) {
            throw new IllegalStateException("this thread is already inside a transaction");
        }
        try {
            return ScopedValue.where(holdsConnection, true).call(() -> retrying(mode, work));
        } catch (DatabaseUnavailable e) {
            unavailable.increment();
            throw e;
        }
    }

    private <T> T retrying(Mode mode, TxWork<T> work) {
        for (int attempt = 1; ; attempt++) {
            var commit = new Commit();
            try {
                return attempt(mode, work, commit);
            } catch (SQLException e) {
                boolean unknown = commit.isUnknown(e);
                boolean again = mode != Mode.ONCE && !unknown && commit.checkedOut && SqlStates.isWorthRetrying(e);
                if (!again || attempt == MAX_ATTEMPTS) {
                    throw SqlStates.translate(e, unknown);
                }
                retries.increment();
                LOG.debug("attempt {} lost: {}", attempt, e.getMessage());
                backOff(attempt);
            }
        }
    }

    private <T> T attempt(Mode mode, TxWork<T> work, Commit commit) throws SQLException {
        try (var connection = pool.getConnection()) {
            commit.checkedOut = true;
            answers.begin(connection, mode == Mode.ONCE ? settings.socketTimeout() : settings.longestTransaction());
            try {
                return attempt(mode, work, commit, connection);
            } finally {
                answers.over(connection);
            }
        }
    }

    private <T> T attempt(Mode mode, TxWork<T> work, Commit commit, Connection connection) throws SQLException {
        var tx = new Tx(connection, mode == Mode.ONCE);
        try {
            if (mode == Mode.ONCE) {
                commit.sent = true;
                return work.in(tx);
            }
            connection.setAutoCommit(false);
            if (mode == Mode.READ) {
                begin(connection);
            }
            var result = work.in(tx);
            checkNothingFailed(connection);
            commit.sent = mode == Mode.WRITE;
            connection.commit();
            return result;
        } catch (SQLException e) {
            if (SqlStates.isStalePlan(e)) {
                pool.evictConnection(connection);
            }
            rollBack(mode, connection, e);
            throw e;
        } catch (RuntimeException | Error e) {
            rollBack(mode, connection, e);
            throw e;
        } finally {
            tx.end();
        }
    }

    /** BEGIN travels with the statement; the driver would set an isolation level for the whole session instead. */
    private static void begin(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
    }

    /** COMMIT of a transaction with a failed statement is a ROLLBACK, and the driver does not say so. */
    private static void checkNothingFailed(Connection connection) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
            throw new DatabaseFailure("a statement failed and its exception was swallowed: rolled back");
        }
    }

    private static void rollBack(Mode mode, Connection connection, Throwable why) {
        if (mode == Mode.ONCE) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The pool sees that the connection is broken and drops it; PostgreSQL rolls back.
            why.addSuppressed(e);
        }
    }

    private static void backOff(int attempt) {
        long bound = Math.min(MAX_BACKOFF.toNanos(), FIRST_BACKOFF.toNanos() << attempt);
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(bound / 2, bound));
    }

    /** How far one attempt came, which decides what a failure means. */
    private static final class Commit {
        boolean checkedOut;
        boolean sent;

        boolean isUnknown(SQLException e) {
            return sent && !SqlStates.isAnsweredByServer(e) && SqlStates.isConnectionLost(e);
        }
    }
}
