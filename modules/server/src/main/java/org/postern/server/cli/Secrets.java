package org.postern.server.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A secret that a command needs: from a file, the environment, or who sits there; never from the command line. */
final class Secrets {
    private Secrets() {}

    static String read(String what, Optional<Path> file, String variable) {
        if (file.isPresent()) {
            return firstLine(what, file.get());
        }
        var set = System.getenv(variable);
        return set == null ? asked(what) : set;
    }

    private static String firstLine(String what, Path file) {
        try (var lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            var line = lines.readLine();
            if (line == null) {
                throw new Stop(ExitCode.USAGE, file + " has no " + what);
            }
            return line;
        } catch (IOException e) {
            throw new Stop(ExitCode.REFUSED, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("SystemConsoleNull") // Its signature still says that it may be null.
    private static String asked(String what) {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            return new String(console.readPassword("%s: ", what));
        }
        return line("standard input has no " + what);
    }

    /** The next line of standard input. */
    static String line(String otherwise) {
        try {
            var line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (line == null) {
                throw new Stop(ExitCode.USAGE, otherwise);
            }
            return line;
        } catch (IOException e) {
            throw new Stop(ExitCode.REFUSED, "standard input cannot be read: " + e.getMessage(), e);
        }
    }
}
