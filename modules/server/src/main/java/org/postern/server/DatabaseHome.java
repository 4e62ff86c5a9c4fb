package org.postern.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseSettings;
import org.postern.database.EmbeddedPostgres;
import org.postern.database.EmbeddedSettings;
import org.postern.database.RunningPostgres;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.PosternConfig;

/** The database of this installation: an outside PostgreSQL, or the embedded one with its process. */
final class DatabaseHome implements AutoCloseable {
    /** For the tables of its own that a pool never uses: LISTEN, migrations, command line, an administrator's psql. */
    private static final int CONNECTIONS_BESIDE_THE_POOL = 20;

    /** How long a command waits for another one that has just started, or is stopping, the embedded server. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final int POOL_OF_A_COMMAND = 2;

    private final Optional<EmbeddedPostgres> embedded;
    private final Database database;

    private DatabaseHome(Optional<EmbeddedPostgres> embedded, Database database) {
        this.embedded = embedded;
        this.database = database;
    }

    /** For a server: starts what is to be started, and migrates. */
    static DatabaseHome open(PosternConfig config, Path data) throws ConfigRefused {
        var keys = config.database();
        if (keys.url().isPresent()) {
            return new DatabaseHome(Optional.empty(), Database.open(outside(keys)));
        }
        return start(embeddedSettings(config, data), keys);
    }

    /** For one command: the running server's database, or else the embedded one started for as long as this lives. */
    static DatabaseHome forCommand(PosternConfig config, Path data) throws ConfigRefused {
        var keys = config.database();
        if (keys.url().isPresent()) {
            return new DatabaseHome(
                    Optional.empty(), Database.open(outside(keys).withPoolSize(POOL_OF_A_COMMAND)));
        }
        var settings = embeddedSettings(config, data);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var running = RunningPostgres.find(settings, keys.cell());
            if (running.isPresent()) {
                return new DatabaseHome(
                        Optional.empty(), Database.attach(running.get().withPoolSize(POOL_OF_A_COMMAND)));
            }
            try {
                return start(settings, keys);
            } catch (DatabaseFailure e) {
                if (!isTaken(e) || System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private static DatabaseHome start(EmbeddedSettings settings, PosternConfig.DatabaseKeys keys) {
        var postgres = EmbeddedPostgres.start(settings);
        try {
            return new DatabaseHome(
                    Optional.of(postgres), Database.open(bounded(postgres.settings(keys.cell()), keys)));
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** Whether the failure means that another process has the data folder. */
    static boolean isTaken(DatabaseFailure e) {
        return String.valueOf(e.getMessage()).startsWith(EmbeddedPostgres.TAKEN);
    }

    private static EmbeddedSettings embeddedSettings(PosternConfig config, Path data) {
        return EmbeddedSettings.in(data.resolve("postgres"))
                .withPrograms(config.database().programs())
                .withMaxConnections(Math.max(
                        EmbeddedSettings.DEFAULT_MAX_CONNECTIONS,
                        config.database().pool() + CONNECTIONS_BESIDE_THE_POOL));
    }

    private static DatabaseSettings outside(PosternConfig.DatabaseKeys keys) throws ConfigRefused {
        var password = ConfigFiles.databasePassword(keys, Map.copyOf(System.getenv()));
        return bounded(
                DatabaseSettings.of(keys.url().orElseThrow(), keys.user(), password.orElse(""), keys.cell()), keys);
    }

    private static DatabaseSettings bounded(DatabaseSettings settings, PosternConfig.DatabaseKeys keys) {
        return new DatabaseSettings(
                settings.url(),
                settings.user(),
                settings.password(),
                settings.cell(),
                keys.pool(),
                keys.statementTimeout(),
                keys.checkoutTimeout());
    }

    Database database() {
        return database;
    }

    /** The process number of the embedded PostgreSQL, if there is one and it lives. */
    Optional<Long> postgresPid() {
        return embedded.map(EmbeddedPostgres::pid).filter(pid -> pid > 0);
    }

    @Override
    public void close() {
        database.close();
        embedded.ifPresent(EmbeddedPostgres::close);
    }
}
