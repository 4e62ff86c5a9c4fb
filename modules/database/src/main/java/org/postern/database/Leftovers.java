package org.postern.database;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that an earlier server left on our cluster: a postmaster whose parent died, or backends whose postmaster did.
 *
 * <p>Called with the directory's lock held, so no other Postern owns them. None may live when a new server starts:
 * two servers on one cluster destroy it.
 */
final class Leftovers {
    private static final Duration POLITE = Duration.ofSeconds(20);
    private static final Duration FIRM = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(10);

    private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

    private Leftovers() {}

    static void clear(Path cluster) throws IOException {
        var pidFile = cluster.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        if (!processesIn(cluster).isEmpty()) {
            LOG.warn("stopping a PostgreSQL that an earlier Postern left behind in {}", cluster);
            // Backends without a postmaster notice that themselves; SIGINT makes a postmaster shut down fast and only
            // cancels a statement in a backend.
            stop(cluster, "INT", POLITE);
            stop(cluster, "QUIT", FIRM);
            stop(cluster, "KILL", FIRM);
            var alive = processesIn(cluster);
            if (!alive.isEmpty()) {
                throw new DatabaseFailure("another PostgreSQL still runs on " + cluster + ": processes " + alive);
            }
        }
        // None of its processes lives. PostgreSQL would refuse to start when the number in the file has gone to a
        // process of somebody else, which is common in containers.
        Files.deleteIfExists(pidFile);
    }

    private static void stop(Path cluster, String signal, Duration wait) throws IOException {
        for (long pid : processesIn(cluster)) {
            signal(pid, signal);
        }
        long end = System.nanoTime() + wait.toNanos();
        while (!processesIn(cluster).isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Sends a signal that {@link ProcessHandle} cannot: SIGTERM would wait for every client to leave. */
    static void signal(long pid, String name) throws IOException {
        try {
            var kill = new ProcessBuilder("/bin/sh", "-c", "kill -s \"$0\" \"$1\"", name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (kill.waitFor() != 0) {
                LOG.debug("process {} is gone already", pid);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** PostgreSQL's processes all stand in their cluster's directory. */
    private static List<Long> processesIn(Path cluster) throws IOException {
        var real = cluster.toRealPath();
        var found = new ArrayList<Long>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (var process : processes) {
                if (standsIn(process, real)) {
                    found.add(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static boolean standsIn(Path process, Path directory) {
        try {
            return Files.readSymbolicLink(process.resolve("cwd")).equals(directory)
                    && Files.readString(process.resolve("comm")).strip().equals("postgres");
        } catch (NoSuchFileException e) {
            return false; // It ended while we looked.
        } catch (IOException e) {
            return false; // Another user's: ours we may read.
        }
    }
}
