package org.postern.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.database.EmbeddedSettings.Durability;

/** One PostgreSQL for the tests of this module, and directories for those that start their own. */
final class TestServer implements BeforeAllCallback {
    /** Below a directory that PostgreSQL's user may enter, unlike JUnit's own temporary ones. */
    private static final Path HOME =
            Path.of(System.getProperty("java.io.tmpdir"), "postern-database-test-" + System.getProperty("user.name"));

    private static final class Running implements AutoCloseable {
        final Path directory = newDirectory();
        final EmbeddedPostgres postgres =
                EmbeddedPostgres.start(settings(directory).withDurability(Durability.TESTS_ONLY_UNSAFE));

        @Override
        public void close() {
            postgres.close();
            delete(directory);
        }
    }

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = context.getRoot()
                .getStore(ExtensionContext.Namespace.create(TestServer.class))
                .getOrComputeIfAbsent(Running.class, _ -> new Running(), Running.class);
    }

    EmbeddedPostgres postgres() {
        return Objects.requireNonNull(running, "register with @RegisterExtension").postgres;
    }

    /** An empty database; short time limits. */
    DatabaseSettings newDatabase() {
        var name = "t" + UUID.randomUUID().toString().replace("-", "");
        var postgres = postgres();
        try (var connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            statement.execute("ALTER DATABASE " + name + " SET deadlock_timeout = '50ms'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/" + name,
                postgres.user(),
                postgres.password(),
                "cell1",
                4,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20));
    }

    static Path newDirectory() {
        try {
            PostgresBinaries.createForAll(HOME);
            return HOME.resolve(UUID.randomUUID().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EmbeddedSettings settings(Path directory) {
        return EmbeddedSettings.in(directory).withBinaries(HOME.resolve("binaries"));
    }

    /** Copies a cluster into {@code directory} that was made once for all. */
    static synchronized void prepare(Path directory) {
        var template = HOME.resolve("template-" + ProcessHandle.current().pid());
        try {
            if (!Files.exists(template)) {
                EmbeddedPostgres.start(settings(template)).close();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(template)));
            }
            var copy = new ProcessBuilder("cp", "-a", template.toString(), directory.toString())
                    .inheritIO()
                    .start();
            if (copy.waitFor() != 0) {
                throw new IllegalStateException("cp failed");
            }
            Files.delete(directory.resolve("port"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static void delete(Path directory) {
        try {
            if (Files.exists(directory)) {
                PostgresBinaries.deleteTree(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
