package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Durable servers, each in a directory of its own, killed in every way. */
final class EmbeddedPostgresTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path directory = TestServer.newDirectory();

    @AfterEach
    void clean() {
        TestServer.delete(directory);
    }

    /** A cluster made beforehand, as initdb takes longest. */
    private EmbeddedPostgres startPrepared() {
        TestServer.prepare(directory);
        return start();
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(TestServer.settings(directory));
    }

    private static String show(EmbeddedPostgres postgres, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void kill(long pid) throws IOException {
        Leftovers.signal(pid, "KILL");
    }

    @Test
    @DisplayName("durable, checksummed, SCRAM over loopback only, unprivileged, its secrets private")
    void isSafe() throws Exception {
        try (var postgres = start()) {
            assertThat(show(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(show(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(show(postgres, "SHOW data_checksums")).isEqualTo("on");
            assertThat(show(postgres, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(show(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(show(postgres, "SHOW unix_socket_directories")).isEmpty();
            assertThat(show(postgres, "SELECT count(DISTINCT auth_method) || min(auth_method) FROM pg_hba_file_rules"))
                    .isEqualTo("1scram-sha-256");
            assertThat(show(
                            postgres,
                            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'postern'"))
                    .isEqualTo("bC.UTF-8");
            assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat((int) Files.getAttribute(Path.of("/proc/" + postgres.pid()), "unix:uid"))
                    .isNotZero();
            assertThatExceptionOfType(DatabaseFailure.class)
                    .isThrownBy(() -> Database.open(DatabaseSettings.of(postgres.url(), postgres.user(), "x", "cell1")))
                    .withMessageContaining("28P01");
            try (var files = Files.list(directory)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("cluster", "lock", "password", "port", "postgres.log");
            }
        }
    }

    @Test
    @DisplayName("a second start takes the same port, keeps the data, and is ready in well under a second")
    void secondStart() throws Exception {
        int port;
        long pid;
        try (var postgres = startPrepared()) {
            port = postgres.port();
            pid = postgres.pid();
            show(postgres, "WITH made AS (SELECT lo_from_bytea(4242, 'kept')) SELECT * FROM made");
        }
        assertThat(ProcessHandle.of(pid)).isEmpty();
        long begun = System.nanoTime();
        try (var postgres = start()) {
            System.out.printf("second start of PostgreSQL: %d ms%n", (System.nanoTime() - begun) / 1_000_000);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PATIENCE);
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(show(postgres, "SELECT convert_from(lo_get(4242), 'UTF8')"))
                    .isEqualTo("kept");
        }
        assertThat(Files.readString(directory.resolve("postgres.log"))).contains("database system is shut down");
    }

    @Test
    void aTakenPortIsGivenUp() throws Exception {
        int port;
        try (var postgres = startPrepared()) {
            port = postgres.port();
        }
        try (var other = new java.net.ServerSocket(port, 1, java.net.InetAddress.ofLiteral("127.0.0.1"));
                var postgres = start()) {
            assertThat(other.isBound()).isTrue();
            assertThat(postgres.port()).isNotEqualTo(port);
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    @DisplayName("kill -9 of PostgreSQL: callers hear unavailable, it comes back, what was acknowledged is there")
    void survivesTheDeathOfPostgres() throws Exception {
        try (var postgres = startPrepared();
                var database = Database.attach(new DatabaseSettings(
                        postgres.url(),
                        postgres.user(),
                        postgres.password(),
                        "public_",
                        2,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)));
                var notifications = database.listen()) {
            // The first connection of a JVM loads and compiles a lot, which takes long on a busy machine.
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> database.once(tx -> tx.one("SELECT 1", row -> row.intValue(1))) == 1);
            database.once(tx -> tx.update("CREATE TABLE kept (n int)"));
            await().atMost(PATIENCE).until(notifications::isListening);
            long first = postgres.pid();
            int acknowledged = 0;
            boolean unavailable = false;
            for (int i = 0; i < 200 || postgres.restarts() == 0; i++) {
                if (i == 100) {
                    kill(first);
                }
                try {
                    acknowledged += database.transact(tx -> tx.update("INSERT INTO kept VALUES (1)"));
                } catch (DatabaseUnavailable e) {
                    unavailable = true;
                }
            }
            await().atMost(PATIENCE).until(() -> postgres.pid() > 0 && postgres.pid() != first);
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> database.once(tx -> tx.one("SELECT 1", row -> row.intValue(1))) == 1);
            long kept = database.once(tx -> tx.one("SELECT count(*) FROM kept", row -> row.longValue(1)));
            // An unknown outcome may add one.
            assertThat(kept).isBetween((long) acknowledged, acknowledged + 1L);
            assertThat(acknowledged).isGreaterThanOrEqualTo(100);
            assertThat(unavailable || acknowledged >= 199).isTrue();
            assertThat(postgres.restarts()).isEqualTo(1);
            await().atMost(PATIENCE).until(notifications::isListening);
        }
    }

    @Test
    @DisplayName("two at once on one directory: the second is refused by name, in this process and from another")
    void oneAtATime() throws Exception {
        try (var postgres = startPrepared()) {
            assertThatExceptionOfType(DatabaseFailure.class)
                    .isThrownBy(this::start)
                    .withMessage("another Postern already runs on " + directory);
            var other = child();
            assertThat(other.waitFor(PATIENCE)).isTrue();
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("another Postern already runs on " + directory);
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    @DisplayName("kill -9 of the JVM: PostgreSQL goes with it, and the next start finds every committed row")
    void survivesTheDeathOfItsParent() throws Exception {
        TestServer.prepare(directory);
        var child = child();
        long postgresPid = Long.parseLong(readLine(child));
        assertThat(readLine(child)).isEqualTo("committed 100");
        assertThat(ProcessHandle.of(postgresPid)).isPresent();
        child.destroyForcibly().waitFor();
        await().atMost(PATIENCE).until(() -> ProcessHandle.of(postgresPid).isEmpty());
        try (var postgres = start()) {
            assertThat(show(postgres, "SELECT count(*) FROM kept")).isEqualTo("100");
        }
    }

    @Test
    @DisplayName("the next start need not wait until the orphan is gone by itself")
    void startsAgainAtOnceAfterTheDeathOfItsParent() throws Exception {
        TestServer.prepare(directory);
        var child = child();
        var unused = readLine(child);
        assertThat(unused).isNotEmpty();
        assertThat(readLine(child)).isEqualTo("committed 100");
        child.destroyForcibly().waitFor();
        try (var postgres = start()) {
            assertThat(show(postgres, "SELECT count(*) FROM kept")).isEqualTo("100");
        }
    }

    @Test
    @DisplayName("a PostgreSQL that outlived its parent is stopped before a new one starts")
    void stopsALeftover() throws Exception {
        startPrepared().close();
        var cluster = directory.resolve("cluster");
        var account = ServerAccount.choose(directory, cluster);
        var made = new PostgresCluster(
                TestServer.settings(directory),
                PostgresBinaries.unpacked(TestServer.settings(directory).binaries()),
                account);
        // Started by the thread of this test, which does not die: no signal comes to it.
        var orphan = made.builder(made.serve(19_999))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        await().atMost(PATIENCE).until(() -> Files.exists(cluster.resolve("postmaster.pid")));
        try (var postgres = start()) {
            assertThat(orphan.isAlive()).isFalse();
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    @DisplayName("a process number that went to somebody else does not keep PostgreSQL from starting")
    void recycledProcessNumber() throws Exception {
        startPrepared().close();
        var pidFile = directory.resolve("cluster/postmaster.pid");
        Files.writeString(
                pidFile, "1\n" + directory.resolve("cluster") + "\n1700000000\n20000\n\n127.0.0.1\n  1 1\nready   \n");
        try (var postgres = start()) {
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aStartThatWasCutOffLeavesNoHalfCluster() throws Exception {
        Files.createDirectories(directory.resolve("cluster.new/base"));
        Files.writeString(directory.resolve("cluster.new/PG_VERSION"), "18\n");
        try (var postgres = start()) {
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
        assertThat(directory.resolve("cluster.new")).doesNotExist();
    }

    @Test
    @DisplayName("the operating system's own programs serve in place of those brought along")
    void ownPrograms() throws Exception {
        var brought = PostgresBinaries.unpacked(TestServer.settings(directory).binaries());
        var settings = TestServer.settings(directory)
                .withBinaries(directory.resolve("not-unpacked"))
                .withPrograms(Optional.ofNullable(brought.program("postgres").getParent()));
        try (var postgres = EmbeddedPostgres.start(settings)) {
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
        assertThat(directory.resolve("not-unpacked")).doesNotExist();
    }

    @Test
    @DisplayName("programs of another version, and a folder without any, are refused by name")
    void otherPrograms() throws Exception {
        var folder = Files.createDirectories(directory.resolve("programs"));
        var settings = TestServer.settings(directory).withPrograms(Optional.of(folder));
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> EmbeddedPostgres.start(settings))
                .withMessage("no PostgreSQL programs are in " + folder);
        for (var name : List.of("postgres", "initdb")) {
            Files.writeString(folder.resolve(name), "#!/bin/sh\necho 'postgres (PostgreSQL) 17.2'\n");
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> EmbeddedPostgres.start(settings))
                .withMessage("PostgreSQL 18 is needed, in " + folder + " is: postgres (PostgreSQL) 17.2");
    }

    @Test
    void refusesAnotherVersion() throws Exception {
        startPrepared().close();
        Files.writeString(directory.resolve("cluster/PG_VERSION"), "17\n");
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(this::start)
                .withMessageContaining("belongs to PostgreSQL 17, this Postern brings 18");
    }

    @Test
    @DisplayName("why it does not start is in the message, and the directory is free again")
    void saysWhy() throws Exception {
        startPrepared().close();
        var broken = TestServer.settings(directory).withParameters(java.util.Map.of("shared_buffers", "no"));
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> EmbeddedPostgres.start(broken))
                .withMessageContaining("invalid value for parameter \"shared_buffers\"");
        try (var postgres = start()) {
            assertThat(show(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void namesTheDirectoryThatKeepsItOut() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeTrue("root".equals(System.getProperty("user.name")));
        var closed = Files.createDirectories(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> EmbeddedPostgres.start(TestServer.settings(closed.resolve("data"))))
                .withMessageContaining("may not enter " + closed);
    }

    @Test
    void theLogIsBounded() throws Exception {
        var log = Files.createDirectories(directory).resolve("x.log");
        var line = "x".repeat(99_999) + "\n";
        var bounded = new BoundedLog(log);
        var many = new java.io.SequenceInputStream(java.util.Collections.enumeration(java.util.stream.Stream.generate(
                        () -> new java.io.ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)))
                .limit(300)
                .toList()));
        bounded.pump(many).join();
        assertThat(Files.size(log)).isLessThanOrEqualTo(BoundedLog.MAX_SIZE + 200_000);
        assertThat(Files.size(directory.resolve("x.log.1"))).isLessThanOrEqualTo(BoundedLog.MAX_SIZE + 200_000);
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(2);
        }
    }

    private Process child() throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.toString()))
                .redirectErrorStream(true)
                .start();
    }

    /** The next line that is not a warning of the JVM or of the logger. */
    private static String readLine(Process process) throws IOException {
        // Not closed: the child goes on writing.
        var lines = READERS.computeIfAbsent(
                process,
                _ -> new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("> ")) {
                return line.substring(2);
            }
        }
        throw new IllegalStateException("the child ended with " + process.exitValue());
    }

    private static final java.util.Map<Process, BufferedReader> READERS =
            new java.util.concurrent.ConcurrentHashMap<>();

    /** A JVM that starts PostgreSQL, commits, and waits to be killed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws Exception {
            var postgres = EmbeddedPostgres.start(TestServer.settings(Path.of(args[0])));
            System.out.println("> " + postgres.pid());
            try (var connection = DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
                    var statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept (n int)");
                for (int i = 0; i < 100; i++) {
                    statement.execute("INSERT INTO kept VALUES (" + i + ")");
                }
                System.out.println("> committed 100");
                Thread.sleep(Duration.ofMinutes(1));
            }
        }
    }
}
