package org.postern.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/** An embedded PostgreSQL that another process has started: how a command beside a running server reaches it. */
public final class RunningPostgres {
    /** The lines of postmaster.pid as PostgreSQL 18 writes them, from 0; "pg_ctl" reads them likewise. */
    private static final int PID_LINE = 0;

    private static final int PORT_LINE = 3;
    private static final int STATE_LINE = 7;

    private RunningPostgres() {}

    /**
     * How to reach the server of this directory with default bounds; empty when none takes connections. It may end at any
     * moment: then callers of {@link Database} hear {@link DatabaseUnavailable}.
     *
     * @throws DatabaseFailure when there is one but its files cannot be read: run by another user
     */
    public static Optional<DatabaseSettings> find(EmbeddedSettings settings, String cell) {
        try {
            var lines = postmasterLines(settings);
            if (lines.size() <= STATE_LINE || !lines.get(STATE_LINE).strip().equals("ready")) {
                return Optional.empty();
            }
            long pid = Long.parseLong(lines.get(PID_LINE).strip());
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
                return Optional.empty(); // Left behind by a crash.
            }
            var url = "jdbc:postgresql://127.0.0.1:" + lines.get(PORT_LINE).strip() + "/" + PostgresCluster.DATABASE;
            var password =
                    Files.readString(settings.directory().resolve("password")).strip();
            return Optional.of(DatabaseSettings.of(url, PostgresCluster.USER, password, cell));
        } catch (IOException e) {
            throw new DatabaseFailure(
                    "the embedded PostgreSQL of " + settings.directory() + " belongs to another user: " + e, e);
        }
    }

    private static List<String> postmasterLines(EmbeddedSettings settings) throws IOException {
        try {
            // ISO 8859-1, because its second line is a path and may hold any bytes.
            return Files.readAllLines(
                    PostgresCluster.path(settings).resolve("postmaster.pid"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
