package org.postern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseSettings;
import org.postern.database.EmbeddedPostgres;
import org.postern.database.EmbeddedSettings;
import org.postern.database.EmbeddedSettings.Durability;

/**
 * A real PostgreSQL for tests that gives out migrated databases with nothing in them: copies of one template, emptied for the
 * next when they are given back.
 *
 * <p>It does not flush to disk. Programs and clusters are kept below the temporary directory for the next run; a
 * cluster is used by one JVM at a time.
 */
public final class ScratchServer implements AutoCloseable {
    /** The cell of every scratch database. */
    public static final String CELL = "cell1";

    private static final String TEMPLATE = "scratch_template";
    private static final int MAX_CONNECTIONS = 200;
    private static final int MAX_CLUSTERS = 64;

    /** Ends all other sessions of a database, and waits until they have ended. */
    private static final String ALONE = """
            SELECT pg_terminate_backend(pid, 5000)
              FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
            """;

    /**
     * Empties every table of the cell and the directory. Most have a few rows, and to delete those takes a thirtieth of the
     * time of TRUNCATE, which makes new files for every table and index.
     */
    static final String EMPTY = """
            DO $$
            DECLARE
                emptying record;
            BEGIN
                SET LOCAL session_replication_role = 'replica'; -- foreign keys and triggers sleep
                FOR emptying IN
                    SELECT oid::regclass AS name, pg_table_size(oid) > 1 << 20 AS is_large
                      FROM pg_class
                     WHERE relnamespace IN ('directory'::regnamespace, '%1$s'::regnamespace)
                       AND relkind = 'r' AND relname <> 'schema_history'
                LOOP
                    EXECUTE format(
                        CASE WHEN emptying.is_large THEN 'TRUNCATE %%s CASCADE' ELSE 'DELETE FROM %%s' END,
                        emptying.name);
                END LOOP;
            END
            $$
            """.formatted(CELL);

    private static final String RESTART_SEQUENCES = """
            SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false)
              FROM pg_sequences
             WHERE schemaname IN ('directory', '%s') AND last_value IS NOT NULL
            """.formatted(CELL);

    /** Longer than in production: a machine that builds and tests at once stalls for seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EmbeddedPostgres postgres;
    private final AtomicInteger made = new AtomicInteger();
    private final Queue<String> emptied = new ConcurrentLinkedQueue<>();

    private ScratchServer(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    public static ScratchServer start() {
        var home = Path.of(System.getProperty("java.io.tmpdir"), "postern-testkit-" + System.getProperty("user.name"));
        var server = new ScratchServer(startFreeCluster(home));
        try {
            server.dropOldDatabases();
            server.migrateTemplate();
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Takes the first cluster that no other JVM uses; one that cannot start is made anew. */
    private static EmbeddedPostgres startFreeCluster(Path home) {
        for (int i = 0; i < MAX_CLUSTERS; i++) {
            var settings = EmbeddedSettings.in(home.resolve("cluster-" + i))
                    .withBinaries(home.resolve("binaries"))
                    .withDurability(Durability.TESTS_ONLY_UNSAFE)
                    .withMaxConnections(MAX_CONNECTIONS);
            try {
                return EmbeddedPostgres.start(settings);
            } catch (DatabaseFailure e) {
                if (String.valueOf(e.getMessage()).startsWith(EmbeddedPostgres.TAKEN)) {
                    continue;
                }
                System.getLogger(ScratchServer.class.getName())
                        .log(System.Logger.Level.WARNING, "making " + settings.directory() + " anew", e);
                delete(settings.directory().resolve("cluster"));
                return EmbeddedPostgres.start(settings);
            }
        }
        throw new IllegalStateException("all " + MAX_CLUSTERS + " test clusters in " + home + " are in use");
    }

    private static void delete(Path tree) {
        if (!Files.exists(tree)) {
            return;
        }
        try (var paths = Files.walk(tree)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** Settings of a database, migrated, with nothing in it: one that was given back, or a new one. */
    public DatabaseSettings database() {
        var name = emptied.poll();
        if (name == null) {
            name = String.format(Locale.ROOT, "scratch_%d", made.incrementAndGet());
            execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
        }
        return settings(name);
    }

    /** Takes back one of {@link #database()}, whoever is still connected to it; the next who asks finds it empty. */
    public void giveBack(DatabaseSettings settings) {
        var url = settings.url();
        var name = url.substring(url.lastIndexOf('/') + 1);
        try (var connection = DriverManager.getConnection(url, settings.user(), settings.password());
                var statement = connection.createStatement()) {
            statement.execute(ALONE);
            statement.execute(EMPTY);
            statement.execute(RESTART_SEQUENCES);
            emptied.add(name);
        } catch (SQLException e) {
            System.getLogger(ScratchServer.class.getName())
                    .log(System.Logger.Level.WARNING, "dropping " + name + ", which cannot be emptied", e);
            drop(name);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }

    private void migrateTemplate() {
        if (!exists(TEMPLATE)) {
            execute("CREATE DATABASE " + TEMPLATE);
        }
        if (!migratesByOurScriptsAlone()) {
            drop(TEMPLATE);
            execute("CREATE DATABASE " + TEMPLATE);
            Database.migrate(settings(TEMPLATE));
        }
    }

    /** Not when other scripts have been there, edited since or another branch's: what they did stays. */
    private boolean migratesByOurScriptsAlone() {
        var before = scripts();
        try {
            Database.migrate(settings(TEMPLATE));
        } catch (DatabaseFailure e) {
            System.getLogger(ScratchServer.class.getName())
                    .log(
                            System.Logger.Level.DEBUG,
                            "making the template anew, which fails for good if ours are broken",
                            e);
            return false;
        }
        return before.isEmpty() || before.equals(scripts());
    }

    /** The fingerprint of the migrations that made the template. */
    private Optional<String> scripts() {
        var settings = settings(TEMPLATE);
        try (var connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "SELECT obj_description(to_regclass('directory.schema_history'), 'pg_class')")) {
            rows.next();
            return Optional.ofNullable(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void dropOldDatabases() {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            try (var rows = statement.executeQuery(
                    "SELECT string_agg(datname, ',') FROM pg_database WHERE datname ~ '^scratch_[0-9]+$'")) {
                rows.next();
                var names = rows.getString(1);
                if (names == null) {
                    return;
                }
                for (var name : names.split(",", -1)) {
                    drop(name);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean exists(String database) {
        try (var connection = connect();
                var statement = connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
            statement.setString(1, database);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void drop(String name) {
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private void execute(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }

    private DatabaseSettings settings(String database) {
        var url = postgres.url();
        return new DatabaseSettings(
                url.substring(0, url.lastIndexOf('/') + 1) + database,
                postgres.user(),
                postgres.password(),
                CELL,
                DatabaseSettings.DEFAULT_POOL_SIZE,
                PATIENCE,
                PATIENCE);
    }
}
