package org.postern.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder of everything that this node keeps, held by one server at a time. */
final class DataFolder implements AutoCloseable {
    private final Path path;
    private final RandomAccessFile file;

    private DataFolder(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Makes the folder if there is none and takes it until {@link #close()} or the end of the process.
     *
     * @throws DataFolderTaken when another server has it
     */
    static DataFolder take(Path path) throws IOException {
        Files.createDirectories(path);
        var file = new RandomAccessFile(path.resolve("server.pid").toFile(), "rw");
        try {
            if (lock(file) == null) {
                throw new DataFolderTaken("another Postern" + named(path) + " already serves " + path);
            }
            file.setLength(0);
            file.write((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII));
            return new DataFolder(path, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static @Nullable FileLock lock(RandomAccessFile file) throws IOException {
        try {
            return file.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // Taken by a server in this very process.
        }
    }

    private static String named(Path path) throws IOException {
        var pid = Files.readString(path.resolve("server.pid")).strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Another server has the folder. */
    static final class DataFolderTaken extends IOException {
        private static final long serialVersionUID = 1;

        DataFolderTaken(String message) {
            super(message);
        }
    }
}
