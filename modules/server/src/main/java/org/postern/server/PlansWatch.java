package org.postern.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.postern.accounts.CurrentPlans;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Swaps the plans when plans.yml changes; a broken file keeps those in force and is logged with its lines.
 *
 * <p>Looks at the file every {@value #SECONDS} seconds: file events get lost on network and container mounts, where the
 * folder itself is swapped.
 */
final class PlansWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlansWatch.class);
    static final int SECONDS = 2;
    private static final Duration RECHECK = Duration.ofSeconds(SECONDS);

    private final Path file;
    private final CurrentPlans plans;
    private final Thread thread;
    private Stamp seen;

    private PlansWatch(Path file, CurrentPlans plans) {
        this.file = file;
        this.plans = plans;
        this.seen = Stamp.of(file);
        this.thread = Thread.ofVirtual().name("plans-watch").unstarted(this::watch);
    }

    /** Begins to watch the file that {@code plans} was read from. */
    static PlansWatch start(Path file, CurrentPlans plans) {
        var watch = new PlansWatch(file, plans);
        watch.thread.start();
        return watch;
    }

    /**
     * Reads the file now, changed or not.
     *
     * @return whether its plans are in force
     */
    synchronized boolean reload() {
        seen = Stamp.of(file);
        try {
            var read = ConfigFiles.readPlans(file);
            var changed = !read.byName().equals(plans.all().byName());
            plans.replace(read);
            LOG.atInfo()
                    .addKeyValue("event", "plans-reloaded")
                    .addKeyValue("plans", read.names().size())
                    .addKeyValue("changed", changed)
                    .log("plans read again");
            return true;
        } catch (ConfigRefused e) {
            e.problems()
                    .forEach(problem -> LOG.atError()
                            .addKeyValue("event", "plans-refused")
                            .addKeyValue("problem", problem)
                            .log("plans stay as they were"));
            return false;
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(RECHECK);
                reloadIfChanged();
            }
        } catch (InterruptedException e) {
            LOG.debug("closed");
        }
    }

    private synchronized void reloadIfChanged() {
        var now = Stamp.of(file);
        if (!now.equals(seen) && now.exists()) {
            reload();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /** What tells one version of a file from the next without reading it. */
    private record Stamp(boolean exists, FileTime modified, long size, String real) {
        private static final Stamp GONE = new Stamp(false, FileTime.fromMillis(0), 0, "");

        static Stamp of(Path file) {
            try {
                return new Stamp(
                        true,
                        Files.getLastModifiedTime(file),
                        Files.size(file),
                        file.toRealPath().toString());
            } catch (IOException e) {
                return GONE; // In the middle of being replaced; the next look finds it.
            }
        }
    }
}
