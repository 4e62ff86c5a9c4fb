package org.postern.mime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The tricky messages kept as files. */
final class Corpus {
    private Corpus() {}

    static List<String> names() {
        try (var files = Files.list(directory())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".eml"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] message(String name) throws IOException {
        return Files.readAllBytes(directory().resolve(name + ".eml"));
    }

    static Path directory() {
        try {
            return Path.of(Objects.requireNonNull(Corpus.class.getResource("/messages"))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
