package org.postern.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies what PostgreSQL says into a file of bounded size and keeps the last lines for error messages. */
final class BoundedLog {
    /** At this size the file becomes {@code NAME.1}, whose predecessor goes. */
    static final long MAX_SIZE = 8L << 20;

    private static final int TAIL = 25;
    private static final int MAX_LINE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(BoundedLog.class);

    private final Path file;
    private final Deque<String> tail = new ArrayDeque<>();

    BoundedLog(Path file) {
        this.file = file;
    }

    /** Reads {@code from} to its end on a thread of its own; a pipe would pin a virtual thread's carrier. */
    Thread pump(InputStream from) {
        return Thread.ofPlatform().name("postern-postgres-log").daemon().start(() -> copy(from));
    }

    /** The last lines, oldest first. */
    synchronized String tail() {
        return String.join("\n", tail);
    }

    private synchronized void remember(String line) {
        if (tail.size() == TAIL) {
            tail.removeFirst();
        }
        tail.addLast(line.length() > MAX_LINE ? line.substring(0, MAX_LINE) : line);
    }

    private void copy(InputStream from) {
        try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            Writer out = open();
            try {
                long size = Files.size(file);
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    remember(line);
                    if (line.contains(" PANIC: ") || line.contains(" FATAL: ")) {
                        LOG.warn("postgres: {}", line);
                    }
                    if (size > MAX_SIZE) {
                        out.close();
                        Files.move(file, rotated(), StandardCopyOption.REPLACE_EXISTING);
                        out = open();
                        size = 0;
                    }
                    out.write(line);
                    out.write('\n');
                    size += line.length() + 1;
                    if (!lines.ready()) {
                        out.flush();
                    }
                }
            } finally {
                out.close();
            }
        } catch (IOException e) {
            LOG.warn("PostgreSQL's log is no longer written to {}: {}", file, e.getMessage());
            drain(from);
        }
    }

    /** PostgreSQL would stop when the pipe is full, so it is read on even if the file cannot be written. */
    private static void drain(InputStream from) {
        try {
            from.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            LOG.debug("PostgreSQL's log ended", e);
        }
    }

    private Path rotated() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** Readable by its owner only: PostgreSQL quotes failed statements. */
    private Writer open() throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
