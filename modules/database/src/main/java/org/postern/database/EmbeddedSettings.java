package org.postern.database;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where the embedded PostgreSQL keeps its things, and its bounds.
 *
 * @param directory holds the cluster, its password, its log; nothing else should live there
 * @param binaries where the programs that we bring along are unpacked; may be shared by many directories
 * @param programs the folder of the operating system's own programs, used in their place
 * @param maxConnections of all nodes' pools, listeners and tools together
 * @param startTimeout includes recovery after a crash, which reads back up to {@code max_wal_size} of log
 * @param stopTimeout after which a stop stops being polite
 * @param parameters PostgreSQL parameters that override ours
 */
public record EmbeddedSettings(
        Path directory,
        Path binaries,
        Optional<Path> programs,
        Durability durability,
        int maxConnections,
        Duration startTimeout,
        Duration stopTimeout,
        Map<String, String> parameters) {
    public static final int DEFAULT_MAX_CONNECTIONS = 100;
    public static final Duration DEFAULT_START_TIMEOUT = Duration.ofMinutes(5);
    public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(30);

    public EmbeddedSettings {
        if (maxConnections < 5) {
            throw new IllegalArgumentException("at least 5 connections are needed: " + maxConnections);
        }
        directory = directory.toAbsolutePath().normalize();
        binaries = binaries.toAbsolutePath().normalize();
        parameters = Map.copyOf(parameters);
    }

    /** Whether a commit survives the machine. */
    public enum Durability {
        /** A commit is on disk before it is answered. */
        FSYNC,
        /** For tests only: a crash of the machine may destroy everything; a crash of PostgreSQL alone loses nothing. */
        TESTS_ONLY_UNSAFE
    }

    /** Everything under {@code directory}, durable, every bound at its default. */
    public static EmbeddedSettings in(Path directory) {
        return new EmbeddedSettings(
                directory,
                directory.resolve("binaries"),
                Optional.empty(),
                Durability.FSYNC,
                DEFAULT_MAX_CONNECTIONS,
                DEFAULT_START_TIMEOUT,
                DEFAULT_STOP_TIMEOUT,
                Map.of());
    }

    public EmbeddedSettings withBinaries(Path shared) {
        return new EmbeddedSettings(
                directory, shared, programs, durability, maxConnections, startTimeout, stopTimeout, parameters);
    }

    /** @param folder such as {@code /usr/lib/postgresql/18/bin} */
    public EmbeddedSettings withPrograms(Optional<Path> folder) {
        return new EmbeddedSettings(
                directory, binaries, folder, durability, maxConnections, startTimeout, stopTimeout, parameters);
    }

    public EmbeddedSettings withDurability(Durability chosen) {
        return new EmbeddedSettings(
                directory, binaries, programs, chosen, maxConnections, startTimeout, stopTimeout, parameters);
    }

    public EmbeddedSettings withMaxConnections(int connections) {
        return new EmbeddedSettings(
                directory, binaries, programs, durability, connections, startTimeout, stopTimeout, parameters);
    }

    public EmbeddedSettings withParameters(Map<String, String> overriding) {
        return new EmbeddedSettings(
                directory, binaries, programs, durability, maxConnections, startTimeout, stopTimeout, overriding);
    }
}
