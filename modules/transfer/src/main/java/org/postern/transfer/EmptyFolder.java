package org.postern.transfer;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where an export goes: a folder that holds nothing yet, for its owner alone. */
public final class EmptyFolder {
    private EmptyFolder() {}

    /**
     * Makes it where it is not there.
     *
     * @throws FileAlreadyExistsException when something is in it
     */
    public static Path at(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (var entries = Files.list(path)) {
                if (entries.findAny().isPresent()) {
                    throw new FileAlreadyExistsException(path.toString(), null, "it is not empty");
                }
            }
            return path;
        }
        return Files.createDirectories(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
}
