package org.postern.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;

/** Where messages on their way are held that are too large for memory: in the data folder. */
final class SpoolFolder {
    /** No plan allows a larger message (plans.yml, max-message); each session bounds its own by the plan. */
    private static final long LARGEST_MESSAGE = 1L << 30;

    private SpoolFolder() {}

    /** What a crash left there is nobody's: a spool's file has no name once it is open. */
    static SpoolSettings in(Path data, SpoolMemory memory) throws IOException {
        var folder = data.resolve("spool");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        return new SpoolSettings(folder, SpoolSettings.DEFAULT_HEAP_BYTES, memory, LARGEST_MESSAGE);
    }
}
