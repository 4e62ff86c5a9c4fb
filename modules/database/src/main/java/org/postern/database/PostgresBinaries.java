package org.postern.database;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The PostgreSQL programs: those that we bring along for this machine's processor, unpacked once into a directory named after their
 * contents, or the operating system's.
 */
final class PostgresBinaries {
    private static final Set<PosixFilePermission> FOR_ALL = PosixFilePermissions.fromString("rwxr-xr-x");

    private static final Logger LOG = LoggerFactory.getLogger(PostgresBinaries.class);

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    Path program(String name) {
        return folder.resolve(name);
    }

    /** @throws DatabaseFailure when the settings name a folder without a PostgreSQL of our version */
    static PostgresBinaries of(EmbeddedSettings settings) throws IOException, InterruptedException {
        return settings.programs().isPresent() ? installed(settings.programs().get()) : unpacked(settings.binaries());
    }

    private static PostgresBinaries installed(Path folder) throws IOException, InterruptedException {
        var program = folder.resolve("postgres");
        if (!Files.isExecutable(program) || !Files.isExecutable(folder.resolve("initdb"))) {
            throw new DatabaseFailure("no PostgreSQL programs are in " + folder);
        }
        var asked = new ProcessBuilder(program.toString(), "--version")
                .redirectErrorStream(true)
                .start();
        var said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (asked.waitFor() != 0 || !said.startsWith("postgres (PostgreSQL) " + PostgresCluster.MAJOR + ".")) {
            throw new DatabaseFailure(
                    "PostgreSQL " + PostgresCluster.MAJOR + " is needed, in " + folder + " is: " + said);
        }
        return new PostgresBinaries(folder);
    }

    /** Unpacks below {@code parent} unless that is done; several processes may do so at once. */
    static PostgresBinaries unpacked(Path parent) throws IOException {
        var archive = archive();
        var home = parent.resolve("postgresql-" + architecture() + "-" + fingerprint(archive));
        if (!Files.isDirectory(home)) {
            createForAll(parent);
            unpack(archive, parent, home);
        }
        return new PostgresBinaries(home.resolve("bin"));
    }

    private static void unpack(URL archive, Path parent, Path home) throws IOException {
        var partial = Files.createTempDirectory(parent, ".unpacking-");
        try {
            Files.setPosixFilePermissions(partial, FOR_ALL);
            extract(archive, partial);
            move(partial, home);
            LOG.info("unpacked PostgreSQL into {}", home);
        } finally {
            if (Files.exists(partial)) {
                deleteTree(partial);
            }
        }
    }

    private static void move(Path partial, Path home) throws IOException {
        try {
            Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            // A directory is not replaced by rename: somebody else unpacked the same meanwhile.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void extract(URL archive, Path into) throws IOException {
        try (var raw = new BufferedInputStream(open(archive), 1 << 16);
                var tar = new TarArchiveInputStream(new XZInputStream(raw))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException("the archive leaves its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    Files.setPosixFilePermissions(target, FOR_ALL);
                } else if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                    Files.setPosixFilePermissions(target, permissions(entry));
                }
            }
        }
    }

    private static InputStream open(URL archive) throws IOException {
        var connection = archive.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static Set<PosixFilePermission> permissions(TarArchiveEntry entry) {
        boolean executable = (entry.getMode() & 0100) != 0;
        return executable ? FOR_ALL : PosixFilePermissions.fromString("rw-r--r--");
    }

    /** What tells one build of the archive from another, without reading it. */
    private static String fingerprint(URL archive) throws IOException {
        var connection = archive.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (var file = jar.getJarFile()) {
                return String.format(
                        Locale.ROOT, "%08x", file.getEntry(jar.getEntryName()).getCrc());
            }
        }
        return Long.toHexString(connection.getContentLengthLong()) + Long.toHexString(connection.getLastModified());
    }

    private static URL archive() {
        var name = "/postgres-linux-" + architecture() + ".txz";
        var url = PostgresBinaries.class.getResource(name);
        if (url == null) {
            throw new DatabaseFailure("this build of Postern has no embedded PostgreSQL for " + architecture()
                    + ": set database.url to a PostgreSQL of your own");
        }
        return url;
    }

    private static String architecture() {
        var os = System.getProperty("os.name");
        if (!os.equals("Linux")) {
            throw new DatabaseFailure("the embedded PostgreSQL runs on Linux only, this is " + os
                    + ": set database.url to a PostgreSQL of your own");
        }
        var arch = System.getProperty("os.arch");
        return switch (arch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> throw new DatabaseFailure("no embedded PostgreSQL for processor " + arch);
        };
    }

    /** Creates a directory that every user may enter, whatever our umask. */
    static void createForAll(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        var parent = directory.getParent();
        if (parent != null) {
            createForAll(parent);
        }
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, EnumSet.copyOf(FOR_ALL));
    }

    static void deleteTree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
