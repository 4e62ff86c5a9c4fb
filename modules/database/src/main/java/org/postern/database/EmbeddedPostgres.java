package org.postern.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server as our child process: durable, password login over loopback, never root, gone when we are gone.
 *
 * <p>It is started, watched and started again by one platform thread that lives as long as this object, since the
 * kernel ties "signal me when my parent dies" to the thread that forked. A server that dies comes back on the same
 * port with growing pauses; meanwhile callers of {@link Database} hear {@link DatabaseUnavailable}.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    /** How the message begins when another process holds the directory. */
    public static final String TAKEN = "another Postern already runs on ";

    /** Below the range that Linux gives to outgoing connections, so that a kept port stays free. */
    private static final int FIRST_PORT = 20_000;

    private static final int LAST_PORT = 32_000;
    private static final int MAX_PORT_TRIES = 50;

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    /** A server that lived this long was healthy: its next death is the first again. */
    private static final Duration HEALTHY = Duration.ofMinutes(1);

    private static final Duration POLL = Duration.ofMillis(5);
    private static final Duration QUIT_WAIT = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

    private final EmbeddedSettings settings;
    private final PostgresCluster cluster;
    private final DirectoryLock lock;
    private final String password;
    private final CompletableFuture<Integer> started = new CompletableFuture<>();
    private final AtomicInteger restarts = new AtomicInteger();
    private final BoundedLog log;
    private final Thread supervisor;
    private volatile boolean closing;
    private volatile @Nullable Process process;

    private EmbeddedPostgres(EmbeddedSettings settings, PostgresCluster cluster, DirectoryLock lock, String password) {
        this.settings = settings;
        this.cluster = cluster;
        this.lock = lock;
        this.password = password;
        this.log = new BoundedLog(settings.directory().resolve("postgres.log"));
        this.supervisor = Thread.ofPlatform().name("postern-postgres").daemon().unstarted(this::supervise);
    }

    /**
     * Unpacks, makes the cluster on first use, cleans up after a crash, starts, and waits until it takes connections.
     *
     * @throws DatabaseFailure when it cannot start; the message says why and what to do
     */
    public static EmbeddedPostgres start(EmbeddedSettings settings) {
        try {
            PostgresBinaries.createForAll(settings.directory());
            var lock = DirectoryLock.take(settings.directory())
                    .orElseThrow(() -> new DatabaseFailure(TAKEN + settings.directory()));
            try {
                return start(settings, lock);
            } catch (IOException | InterruptedException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new DatabaseFailure("the embedded PostgreSQL cannot start: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseFailure("interrupted while PostgreSQL starts", e);
        }
    }

    private static EmbeddedPostgres start(EmbeddedSettings settings, DirectoryLock lock)
            throws IOException, InterruptedException {
        var binaries = PostgresBinaries.of(settings);
        var account = ServerAccount.choose(settings.directory(), PostgresCluster.path(settings));
        account.checkMayEnter(settings.programs().orElse(settings.binaries()));
        var cluster = new PostgresCluster(settings, binaries, account);
        var password = cluster.prepare(new SecureRandom());
        var postgres = new EmbeddedPostgres(settings, cluster, lock, password);
        postgres.supervisor.start();
        try {
            postgres.started.get();
            return postgres;
        } catch (ExecutionException e) {
            postgres.supervisor.join();
            throw e.getCause() instanceof RuntimeException failure ? failure : new DatabaseFailure(e.toString(), e);
        } catch (InterruptedException e) {
            postgres.close();
            throw e;
        }
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + PostgresCluster.DATABASE;
    }

    public String user() {
        return PostgresCluster.USER;
    }

    public String password() {
        return password;
    }

    public int port() {
        return started.join();
    }

    /** How to reach it, with default bounds. */
    public DatabaseSettings settings(String cell) {
        return DatabaseSettings.of(url(), user(), password(), cell);
    }

    /** How often the server died and was started again. */
    public int restarts() {
        return restarts.get();
    }

    /** The process number of the running server, or -1 between two lives. */
    public long pid() {
        var running = process;
        return running != null && running.isAlive() ? running.pid() : -1;
    }

    /** Ends all sessions, writes a checkpoint and waits until the server is gone. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(supervisor);
        try {
            stop();
            supervisor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("stopping PostgreSQL: {}", e.toString());
        } finally {
            lock.close();
        }
    }

    private void stop() throws IOException, InterruptedException {
        var running = process;
        if (running == null || !running.isAlive()) {
            return;
        }
        Leftovers.signal(running.pid(), "INT");
        if (running.waitFor(settings.stopTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
            return;
        }
        LOG.warn("PostgreSQL does not stop; it will recover from its log at the next start");
        Leftovers.signal(running.pid(), "QUIT");
        if (!running.waitFor(QUIT_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly();
        }
    }

    /** The life of the supervisor thread. */
    private void supervise() {
        int deaths = 0;
        try {
            int port = firstStart();
            started.complete(port);
            while (!closing) {
                long since = System.nanoTime();
                int exit = awaitExit();
                if (closing) {
                    return;
                }
                deaths = System.nanoTime() - since > HEALTHY.toNanos() ? 1 : deaths + 1;
                LOG.error("PostgreSQL died with exit code {}; starting it again", exit);
                restart(port, deaths);
            }
        } catch (InterruptedException e) {
            LOG.debug("the supervisor was interrupted", e);
        } catch (IOException | RuntimeException e) {
            started.completeExceptionally(
                    e instanceof RuntimeException known
                            ? known
                            : new DatabaseFailure("PostgreSQL cannot start: " + e, e));
        }
    }

    private int awaitExit() throws InterruptedException {
        var running = process;
        return running == null ? -1 : running.waitFor();
    }

    /** Tries until it works or we close: a machine out of memory or disk today may have some in a minute. */
    private void restart(int port, int deaths) throws InterruptedException {
        for (int failures = deaths; !closing; failures++) {
            long pause = FIRST_BACKOFF.toNanos() << Math.min(failures - 1, 10);
            LockSupport.parkNanos(Math.min(pause, MAX_BACKOFF.toNanos()));
            if (closing) {
                return;
            }
            try {
                launch(port);
                restarts.incrementAndGet();
                return;
            } catch (IOException | DatabaseFailure e) {
                LOG.error("PostgreSQL does not start again: {}", e.getMessage());
            }
        }
    }

    private int firstStart() throws IOException, InterruptedException {
        var portFile = settings.directory().resolve("port");
        int port = Files.exists(portFile)
                ? Integer.parseInt(Files.readString(portFile).strip())
                : freePort();
        for (int attempt = 1; ; attempt++) {
            if (!isFree(port)) {
                port = freePort();
            }
            try {
                launch(port);
                Files.writeString(portFile, port + "\n");
                return port;
            } catch (DatabaseFailure e) {
                boolean taken = log.tail().contains("could not bind");
                if (!taken || attempt == MAX_PORT_TRIES) {
                    throw e;
                }
                port = freePort();
            }
        }
    }

    private static int freePort() {
        for (int attempt = 0; attempt < MAX_PORT_TRIES; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new DatabaseFailure("no free port between " + FIRST_PORT + " and " + LAST_PORT);
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Starts the server once and returns when it takes connections. */
    private void launch(int port) throws IOException, InterruptedException {
        Leftovers.clear(cluster.path());
        var child = PostgresCluster.start(cluster.builder(cluster.serve(port)).redirectErrorStream(true));
        process = child;
        child.getOutputStream().close();
        var pump = log.pump(child.getInputStream());
        if (closing) {
            // close() may have looked before there was a process to stop.
            stop();
        }
        long end = System.nanoTime() + settings.startTimeout().toNanos();
        while (!isReady(child.pid())) {
            if (!child.isAlive()) {
                pump.join(QUIT_WAIT);
                throw new DatabaseFailure("PostgreSQL ended while starting:\n" + log.tail());
            }
            if (System.nanoTime() - end > 0) {
                stop();
                throw new DatabaseFailure(
                        "PostgreSQL not ready within " + settings.startTimeout().toSeconds() + " s:\n" + log.tail());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** The eighth line of postmaster.pid is its state (PostgreSQL 18, "pg_ctl" reads it likewise). */
    private boolean isReady(long pid) throws IOException {
        List<String> lines;
        try {
            // ISO 8859-1, because its second line is a path and may hold any bytes.
            lines = Files.readAllLines(cluster.path().resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return false; // Not written yet, or removed by a server that gives up.
        }
        return lines.size() >= 8
                && lines.get(0).strip().equals(Long.toString(pid))
                && lines.get(7).strip().equals("ready");
    }
}
