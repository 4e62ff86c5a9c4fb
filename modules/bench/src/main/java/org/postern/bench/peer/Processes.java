package org.postern.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process and its children, as Linux accounts for them. */
final class Processes {
    /** sysconf(_SC_CLK_TCK), the same on every Linux. */
    private static final long TICKS_PER_SECOND = 100;

    private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB$");
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);

    private Processes() {}

    /** It ends with this JVM at the latest. */
    static Process start(Path log, List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same, back when the process has said something.
     *
     * @param ready what is in its log then
     * @param limit how long that may take
     */
    static Process startUntil(String ready, Duration limit, Path log, List<String> command) {
        var started = start(log, command);
        long deadline = System.nanoTime() + limit.toNanos();
        while (!logged(log).contains(ready)) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException(command.getFirst() + " does not start: " + logged(log));
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
        return started;
    }

    private static String logged(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end; says what it printed. */
    static String run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).start();
            var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
            var complaints = new String(process.getErrorStream().readAllBytes(), UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        String.join(" ", command) + " ended with " + status + ": " + printed + complaints);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM, then waits for the end. */
    static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("process " + process.pid() + " did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Of the process and all its descendants, those that have ended and been waited for included. */
    static Duration cpu(ProcessHandle process) {
        return Duration.ofMillis(family(process).mapToLong(Processes::ticks).sum() * 1_000 / TICKS_PER_SECOND);
    }

    static long memory(ProcessHandle process) {
        return family(process).mapToLong(Processes::pss).sum();
    }

    private static Stream<ProcessHandle> family(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants());
    }

    private static long ticks(ProcessHandle process) {
        var stat = read(process, "stat");
        if (stat.isEmpty()) {
            return 0;
        }
        // The name may contain anything; what follows its closing parenthesis does not.
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        // utime, stime, cutime, cstime: fields 14 to 17 of proc_pid_stat(5).
        return Long.parseLong(fields[11])
                + Long.parseLong(fields[12])
                + Long.parseLong(fields[13])
                + Long.parseLong(fields[14]);
    }

    private static long pss(ProcessHandle process) {
        var found = PSS.matcher(read(process, "smaps_rollup"));
        return found.find() ? Long.parseLong(found.group(1)) * 1_024 : 0;
    }

    /** Empty when it has just ended. */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (NoSuchFileException gone) {
            return "";
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return "";
        }
    }
}
