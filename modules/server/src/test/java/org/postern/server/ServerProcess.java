package org.postern.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.postern.server.cli.PosternCommand;

/**
 * The real server in a process of its own, with its own embedded PostgreSQL, on free ports; may be killed and started again.
 *
 * <p>Its plan {@code test} has everything in plenty.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final Pattern PORT = Pattern.compile("Port\\[name=(\\w+),[^\\]]*number=(\\d+)]");

    private static final String SETTINGS = """
            listeners:
              imaps: {port: 0, bind: 127.0.0.1}
              pop3s: {port: 0, bind: 127.0.0.1}
              smtps: {port: 0, bind: 127.0.0.1}
              submission: {port: 0, bind: 127.0.0.1}
            console: {port: 0}
            # Longer than in production: a machine that builds and tests at once stalls for seconds.
            database: {statement-timeout: 1m, checkout-timeout: 30s}
            drain: 5s
            log: {format: json}
            """;

    private static final String PLANS = """
            plans:
              test:
                imap: {per-client-address: 200, per-mailbox: 200}
                pop3: {per-client-address: 50, per-mailbox: 50}
                smtp: {per-client-address: 200, per-mailbox: 200}
                storage: {size: 10GB}
                max-message: 200MB
                sending: {quotas: {mailbox: {1h: {messages: 100000}}}}
            """;

    private final Path folder;
    private String heap = "512m";
    private String relay = "{enabled: false}";
    private int starts;
    private @Nullable Process process;

    private ServerProcess(Path folder) {
        this.folder = folder;
    }

    /** @param folder an empty one; config, data and logs go there */
    public static ServerProcess in(Path folder) {
        try {
            // As root, PostgreSQL runs as somebody else, who has to get there.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            Files.createDirectories(folder.resolve("config"));
            Files.writeString(folder.resolve("config/plans.yml"), PLANS);
            shareBinaries(folder.resolve("data/postgres"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ServerProcess(folder);
    }

    /** Unpacking PostgreSQL takes seconds: where other tests of this machine have done it, it is used. */
    private static void shareBinaries(Path postgres) throws IOException {
        var unpacked = Path.of(
                System.getProperty("java.io.tmpdir"), "postern-testkit-" + System.getProperty("user.name"), "binaries");
        if (Files.isDirectory(unpacked)) {
            Files.createDirectories(postgres);
            Files.createSymbolicLink(postgres.resolve("binaries"), unpacked);
        }
    }

    /** @param keys of postern.yml's relay, in braces; without them nothing is relayed */
    public ServerProcess relay(String keys) {
        relay = keys;
        return this;
    }

    /** @param size as -Xmx has it */
    public ServerProcess heap(String size) {
        heap = size;
        return this;
    }

    public Path config() {
        return folder.resolve("config");
    }

    public Path data() {
        return folder.resolve("data");
    }

    /** Starts it, for the first time or again, and waits until it is ready. */
    public ServerProcess start() {
        starts++;
        try {
            Files.writeString(config().resolve("postern.yml"), SETTINGS + "relay: " + relay + '\n');
            process = new ProcessBuilder(commandLine())
                    .redirectErrorStream(true)
                    .redirectOutput(logFile().toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("the server is ready").atMost(START).until(() -> {
            if (!running().isAlive()) {
                throw new AssertionError("the server ended with " + running().exitValue() + ":\n" + log());
            }
            return log().contains("\nPostern is ready\n");
        });
        return this;
    }

    List<String> commandLine() {
        return commandLine("serve");
    }

    private List<String> commandLine(String... arguments) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.add("@" + Path.of("../../scripts/jvm.options").toAbsolutePath().normalize());
        line.addAll(List.of("-Djdk.virtualThreadScheduler.parallelism=2", "-Xmx" + heap));
        line.add("-XX:TieredStopAtLevel=1"); // It lives for seconds: what the optimising compiler costs does not come
        // back.
        line.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        line.add("org.postern.server.Main");
        line.addAll(List.of(arguments));
        line.addAll(List.of("--data", data().toString(), "--config", config().toString()));
        return line;
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    public long pid() {
        return running().pid();
    }

    public int imaps() {
        return port("imaps");
    }

    public int pop3s() {
        return port("pop3s");
    }

    public int smtps() {
        return port("smtps");
    }

    public int submission() {
        return port("submission");
    }

    private int port(String name) {
        return PORT.matcher(log())
                .results()
                .filter(found -> found.group(1).equals(name))
                .mapToInt(found -> Integer.parseInt(found.group(2)))
                .findFirst()
                .orElseThrow();
    }

    /** All that this start of the server has printed. */
    public String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path logFile() {
        return folder.resolve("server-" + starts + ".log");
    }

    /**
     * Runs an administrator's command beside the server.
     *
     * @return its standard output; fails the test unless it ends with 0
     */
    public String postern(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--data", data().toString(), "--config", config().toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        int status =
                PosternCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
        if (status != 0) {
            throw new AssertionError("postern " + String.join(" ", arguments) + " ended with " + status + ": " + err);
        }
        return out.toString();
    }

    /** Starts an administrator's command in a process of its own, which may be killed. */
    public Process posternProcess(String... arguments) {
        try {
            return new ProcessBuilder(commandLine(arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("command.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9 of the server. */
    public void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    /** kill -9 of the PostgreSQL under it. */
    public void killDatabase() {
        try {
            var pid = Files.readAllLines(data().resolve("postgres/cluster/postmaster.pid"), StandardCharsets.ISO_8859_1)
                    .getFirst();
            ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow().destroyForcibly();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, and the exit status of what then ends by itself. */
    public int stop() {
        running().destroy();
        awaitEnd();
        return running().exitValue();
    }

    private void awaitEnd() {
        try {
            if (!running().waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                running().destroyForcibly();
                throw new AssertionError("the server does not end:\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            stop();
        }
    }
}
