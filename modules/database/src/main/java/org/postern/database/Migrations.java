package org.postern.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schemas up to date: {@code db/directory} into {@code directory}, {@code db/cell} into the cell's schema,
 * each with its history in its own table {@code schema_history}.
 */
final class Migrations {
    /** How long one node waits for another that is migrating. */
    static final Duration MAX_WAIT = Duration.ofMinutes(10);

    /** Any number that nobody else takes: "postern" in ASCII. */
    private static final long LOCK = 0x706f_7374_6572_6eL;

    private static final String DIRECTORY = "directory";
    private static final String DIRECTORY_SCRIPTS = "db/directory";
    private static final String CELL_SCRIPTS = "db/cell";

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private Migrations() {}

    static void run(DatabaseSettings settings) {
        var source = Connections.forMigrations(settings);
        var fingerprint = MigrationScripts.fingerprint(List.of(DIRECTORY_SCRIPTS, CELL_SCRIPTS));
        try (var guard = source.getConnection()) {
            if (fingerprint.isPresent() && hasSeen(guard, settings.cell(), fingerprint.get())) {
                return;
            }
            lock(guard);
            try {
                migrate(source, DIRECTORY, DIRECTORY_SCRIPTS, settings);
                migrate(source, settings.cell(), CELL_SCRIPTS, settings);
                if (fingerprint.isPresent()) {
                    remember(guard, settings.cell(), fingerprint.get());
                }
            } finally {
                unlock(guard);
            }
        } catch (SQLException e) {
            throw Connections.failure(e);
        }
    }

    /** Flyway costs a start more than a second of computing; a database that has seen exactly our scripts needs none. */
    private static boolean hasSeen(Connection guard, String cell, String fingerprint) throws SQLException {
        var sql = """
                SELECT obj_description(to_regclass('directory.schema_history'), 'pg_class') = ?
                   AND obj_description(to_regclass(?), 'pg_class') = ?
                """;
        try (var statement = guard.prepareStatement(sql)) {
            statement.setString(1, fingerprint);
            statement.setString(2, cell + ".schema_history");
            statement.setString(3, fingerprint);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    /** Kept as the comment of both history tables; the directory's belongs to whichever build came last. */
    private static void remember(Connection guard, String cell, String fingerprint) throws SQLException {
        try (var statement = guard.createStatement()) {
            for (var schema : List.of(DIRECTORY, cell)) {
                statement.execute("COMMENT ON TABLE " + schema + ".schema_history IS '" + fingerprint + "'");
            }
        }
    }

    /**
     * Flyway locks its history table, but not the creation of a schema: two nodes at once would collide there. Polled,
     * because a statement that waits holds a snapshot, which a CREATE INDEX CONCURRENTLY would wait for in turn.
     */
    private static void lock(Connection guard) throws SQLException {
        long end = System.nanoTime() + MAX_WAIT.toNanos();
        while (!ask(guard, "SELECT pg_try_advisory_lock(?)")) {
            if (System.nanoTime() - end > 0) {
                throw new DatabaseFailure("another node has been migrating for longer than " + MAX_WAIT.toMinutes()
                        + " min; see pg_stat_activity for application_name 'postern migration'");
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new DatabaseFailure("interrupted while another node migrates");
            }
        }
    }

    private static void unlock(Connection guard) {
        try {
            ask(guard, "SELECT pg_advisory_unlock(?)");
        } catch (SQLException e) {
            LOG.debug("the lock goes with its connection", e);
        }
    }

    private static boolean ask(Connection guard, String sql) throws SQLException {
        try (var statement = guard.prepareStatement(sql)) {
            statement.setLong(1, LOCK);
            try (var rows = statement.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    private static void migrate(DataSource source, String schema, String location, DatabaseSettings settings) {
        try {
            var done = Flyway.configure()
                    .dataSource(source)
                    .schemas(schema)
                    .defaultSchema(schema)
                    .table("schema_history")
                    .locations("classpath:" + location)
                    .failOnMissingLocations(true)
                    .validateMigrationNaming(true)
                    .cleanDisabled(true)
                    .placeholders(Map.of("cell", settings.cell()))
                    .loggers("slf4j")
                    .load()
                    .migrate();
            if (done.migrationsExecuted > 0) {
                LOG.info(
                        "schema {}: {} migrations, now at version {}",
                        schema,
                        done.migrationsExecuted,
                        done.targetSchemaVersion);
            }
        } catch (FlywayException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql && SqlStates.isConnectionLost(sql)) {
                    throw Connections.failure(sql);
                }
            }
            throw new DatabaseFailure("schema " + schema + " cannot be migrated: " + e.getMessage(), e);
        }
    }
}
