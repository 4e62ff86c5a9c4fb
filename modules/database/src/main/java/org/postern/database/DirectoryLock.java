package org.postern.database;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The right to use a directory alone; the kernel takes it back from a process that dies. */
final class DirectoryLock implements AutoCloseable {
    /**
     * What this process holds. The one mutable static: the kernel's locks belong to the whole process, and closing any
     * of its descriptors of the file drops them (POSIX fcntl), so a second try must not even open it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Empty when somebody holds it, in this process or another. */
    static Optional<DirectoryLock> take(Path directory) throws IOException {
        var real = directory.toRealPath();
        if (!HELD.add(real)) {
            return Optional.empty();
        }
        boolean taken = false;
        try {
            var channel = FileChannel.open(real.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            taken = channel.tryLock() != null;
            if (!taken) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new DirectoryLock(real, channel));
        } finally {
            if (!taken) {
                HELD.remove(real);
            }
        }
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return; // By now the directory may be somebody else's.
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("unlocking {}: {}", directory, e.toString());
        } finally {
            HELD.remove(directory);
        }
    }
}
