package org.postern.database;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.postern.database.EmbeddedSettings.Durability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one database cluster: made once, checked at each start. */
final class PostgresCluster {
    static final String MAJOR = "18";
    static final String USER = "postern";
    static final String DATABASE = "postern";

    private static final Duration MAX_INIT = Duration.ofMinutes(2);
    private static final int PASSWORD_BYTES = 24;

    /** Rounds slow down the guessing of weak passwords; of 192 random bits they only slow down each connection (RFC 5802 §9). */
    private static final int SCRAM_ROUNDS = 1;

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Logger LOG = LoggerFactory.getLogger(PostgresCluster.class);

    private final EmbeddedSettings settings;
    private final PostgresBinaries binaries;
    private final ServerAccount account;

    PostgresCluster(EmbeddedSettings settings, PostgresBinaries binaries, ServerAccount account) {
        this.settings = settings;
        this.binaries = binaries;
        this.account = account;
    }

    static Path path(EmbeddedSettings settings) {
        return settings.directory().resolve("cluster");
    }

    Path path() {
        return path(settings);
    }

    /**
     * Makes the cluster unless there is one; checks that it is of our version.
     *
     * @return the superuser's password
     */
    String prepare(SecureRandom random) throws IOException, InterruptedException {
        var passwordFile = settings.directory().resolve("password");
        if (!Files.exists(path())) {
            account.checkMayEnter(settings.directory());
            var password = writePassword(passwordFile, random);
            make(password);
            return password;
        }
        var found = Files.readString(path().resolve("PG_VERSION")).strip();
        if (!found.equals(MAJOR)) {
            throw new DatabaseFailure(path() + " belongs to PostgreSQL " + found + ", this Postern brings " + MAJOR
                    + ": move the data with pg_dump and pg_restore, or run the Postern that it belongs to");
        }
        account.checkMayEnter(path());
        if (!Files.exists(passwordFile)) {
            throw new DatabaseFailure("there is a database in " + path() + " but no password in " + passwordFile);
        }
        return Files.readString(passwordFile).strip();
    }

    private static String writePassword(Path file, SecureRandom random) throws IOException {
        var bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        var password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Files.deleteIfExists(file);
        Files.createFile(file, PRIVATE_FILE);
        Files.writeString(file, password + "\n");
        return password;
    }

    /** Makes it beside its place and moves it there when whole: a start that is cut off leaves no half cluster. */
    private void make(String password) throws IOException, InterruptedException {
        var partial = settings.directory().resolve("cluster.new");
        if (Files.exists(partial)) {
            PostgresBinaries.deleteTree(partial);
        }
        Files.createDirectory(partial, PRIVATE_DIRECTORY);
        account.own(partial);
        var passwordFile = Files.createTempFile(settings.directory(), "initdb-", "", PRIVATE_FILE);
        try {
            Files.writeString(passwordFile, password);
            account.own(passwordFile);
            var initdb = new ArrayList<>(List.of(
                    binaries.program("initdb").toString(),
                    "--pgdata=" + partial,
                    "--username=" + USER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--set=scram_iterations=" + SCRAM_ROUNDS,
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--data-checksums",
                    "--no-instructions"));
            if (settings.durability() == Durability.TESTS_ONLY_UNSAFE) {
                initdb.add("--no-sync");
            }
            run(initdb, "");
            var single =
                    List.of(binaries.program("postgres").toString(), "--single", "-D", partial.toString(), "postgres");
            run(single, "CREATE DATABASE " + DATABASE + ";\n");
        } finally {
            Files.delete(passwordFile);
        }
        Files.move(partial, path(), StandardCopyOption.ATOMIC_MOVE);
        LOG.info("made a database cluster in {}", path());
    }

    private void run(List<String> command, String input) throws IOException, InterruptedException {
        var output = Files.createTempFile("postern-", ".out", PRIVATE_FILE);
        try {
            var builder = builder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            var process = start(builder);
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.US_ASCII));
            }
            if (!process.waitFor(MAX_INIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new DatabaseFailure("not done within " + MAX_INIT.toSeconds() + " s: " + command.getFirst());
            }
            var said = Files.readString(output);
            if (process.exitValue() != 0 || said.contains("ERROR:")) {
                throw new DatabaseFailure(command.getFirst() + " failed: " + said.strip());
            }
        } finally {
            Files.delete(output);
        }
    }

    /** A command run as the account, from a clean environment. */
    ProcessBuilder builder(List<String> command) {
        var whole = account.prefix();
        whole.addAll(command);
        var builder = new ProcessBuilder(whole).directory(settings.directory().toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
        return builder;
    }

    static Process start(ProcessBuilder builder) throws IOException {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new IOException("cannot run " + builder.command().getFirst() + " (of util-linux)", e);
        }
    }

    /** The command line of the server. */
    List<String> serve(int port) {
        var command = new ArrayList<String>();
        command.add(binaries.program("postgres").toString());
        command.add("-D");
        command.add(path().toString());
        parameters(port).forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        return command;
    }

    private Map<String, String> parameters(int port) {
        long mebibytes = memory() >> 20;
        var set = new LinkedHashMap<String, String>();
        set.put("listen_addresses", "127.0.0.1");
        set.put("port", Integer.toString(port));
        set.put("unix_socket_directories", "");
        set.put("max_connections", Integer.toString(settings.maxConnections()));
        // The JVM, its direct memory and the page cache live on the same machine.
        set.put("shared_buffers", Math.clamp(mebibytes / 8, 64, 4096) + "MB");
        set.put("effective_cache_size", Math.clamp(mebibytes / 2, 128, 65_536) + "MB");
        set.put("maintenance_work_mem", Math.clamp(mebibytes / 64, 32, 512) + "MB");
        set.put("work_mem", "8MB");
        set.put("jit", "off");
        // Statements here are short and many: a second core is for the next one.
        set.put("max_parallel_workers_per_gather", "0");
        set.put("random_page_cost", "1.1");
        set.put("max_wal_size", "2GB");
        set.put("min_wal_size", "256MB");
        set.put("synchronous_commit", "on");
        set.put("fsync", "on");
        set.put("autovacuum_naptime", "15s");
        set.put("autovacuum_vacuum_cost_limit", "1000");
        set.put("client_connection_check_interval", "10s");
        set.put("timezone", "UTC");
        set.put("log_timezone", "UTC");
        set.put("lc_messages", "C");
        set.put("logging_collector", "off");
        set.put("log_destination", "stderr");
        set.put("log_line_prefix", "%m [%p] %a ");
        set.put("log_checkpoints", "off");
        set.put("log_lock_waits", "on");
        if (settings.durability() == Durability.TESTS_ONLY_UNSAFE) {
            set.putAll(Map.of(
                    "fsync", "off",
                    "synchronous_commit", "off",
                    "full_page_writes", "off",
                    "shared_buffers", "128MB",
                    "min_wal_size", "80MB",
                    "max_wal_size", "512MB"));
        }
        set.putAll(settings.parameters());
        return set;
    }

    private static long memory() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
    }
}
