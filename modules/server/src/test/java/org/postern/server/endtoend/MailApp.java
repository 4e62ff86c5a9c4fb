package org.postern.server.endtoend;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real mail app of this machine, run as a person would; its test is skipped where it is not installed, but never in CI. */
record MailApp(String command, Path folder) {
    private static final int MINUTES = 3;

    /** @param folder where it runs, and its home */
    static MailApp installed(String command, Path folder) {
        boolean there = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, command)));
        if (!there && System.getenv("CI") != null) {
            throw new AssertionError(command + " is not installed");
        }
        assumeTrue(there, command + " is not installed");
        return new MailApp(command, folder);
    }

    /**
     * Runs it to its end.
     *
     * @param input what it reads from standard input
     * @return what it prints
     * @throws AssertionError when it exits with another code than 0
     */
    String run(String input, List<String> arguments) {
        try {
            var line = new ArrayList<>(List.of(command));
            line.addAll(arguments);
            var in = Files.writeString(Files.createTempFile(folder, command, ".in"), input);
            var out = Files.createTempFile(folder, command, ".out");
            var builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectErrorStream(true);
            builder.environment().put("HOME", folder.toString());
            builder.environment().put("TERM", "xterm");
            var process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end:\n" + printed(out));
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " failed with " + process.exitValue() + ":\n" + printed(out));
            }
            return printed(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String run(String... arguments) {
        return run("", List.of(arguments));
    }

    private static String printed(Path out) throws IOException {
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }
}
