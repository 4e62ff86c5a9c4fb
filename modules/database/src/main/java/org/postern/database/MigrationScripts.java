package org.postern.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The migration scripts on the class path, to tell whether a database has seen exactly these. */
final class MigrationScripts {
    private MigrationScripts() {}

    /**
     * One fingerprint of all scripts in the folders, by name and content.
     *
     * @return empty when a folder cannot be listed, as on a class path that is neither directories nor jars
     */
    static Optional<String> fingerprint(List<String> folders) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var loader = MigrationScripts.class.getClassLoader();
            for (var folder : folders) {
                var names = new TreeSet<String>();
                for (var url : Collections.list(loader.getResources(folder))) {
                    names.addAll(names(url, folder));
                }
                if (names.isEmpty()) {
                    return Optional.empty();
                }
                for (var name : names) {
                    digest.update((name + "\0").getBytes(StandardCharsets.UTF_8));
                    try (InputStream script = loader.getResourceAsStream(name)) {
                        if (script == null) {
                            return Optional.empty();
                        }
                        digest.update(script.readAllBytes());
                    }
                }
            }
            return Optional.of(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<String> names(URL url, String folder) throws IOException {
        var connection = url.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (var file = jar.getJarFile()) {
                return file.stream()
                        .map(entry -> entry.getName())
                        .filter(name -> name.startsWith(folder + "/") && name.endsWith(".sql"))
                        .toList();
            }
        }
        if (!url.getProtocol().equals("file")) {
            return List.of();
        }
        try (var files = Files.list(Path.of(URI.create(url.toString())))) {
            return files.map(file -> folder + "/" + file.getFileName())
                    .filter(name -> name.endsWith(".sql"))
                    .toList();
        }
    }
}
