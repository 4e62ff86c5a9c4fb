package org.postern.server.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.postern.database.DatabaseFailure;
import org.postern.server.Postern;
import org.postern.server.PosternSettings;
import org.postern.server.Signals;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.PosternConfig;
import org.postern.server.log.Logging;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code postern serve}: the mail server itself, until SIGTERM or SIGINT. */
@Command(
        name = "serve",
        description = "Runs the mail server until SIGTERM or Ctrl-C, which let running commands finish first.")
final class ServeCommand implements Callable<Integer> {
    private static final int KILLED_BY_SECOND_SIGNAL = 130;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Option(
            names = "--port-offset",
            paramLabel = "N",
            defaultValue = "0",
            description = "added to every port, so that it runs unprivileged: 10000 makes 993 10993")
    private int portOffset;

    @Option(names = "--once", hidden = true, description = "stops as soon as it is ready: warms a start-up cache")
    private boolean once;

    @Override
    public Integer call() throws ConfigRefused {
        var stop = new CountDownLatch(once ? 0 : 1);
        for (var signal : new String[] {"TERM", "INT"}) {
            Signals.on(signal, () -> {
                if (stop.getCount() == 0) {
                    Runtime.getRuntime().halt(KILLED_BY_SECOND_SIGNAL);
                }
                stop.countDown();
            });
        }
        var config = new ConfigFiles(root.config()).read();
        Logging.start(config.log());
        try (var postern = start(settings(config))) {
            Signals.on("HUP", postern::reload);
            MailAppSettings.print(postern, root.out());
            root.out().println("Postern is ready");
            root.out().flush();
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.OK.status();
    }

    private PosternSettings settings(PosternConfig config) {
        try {
            return PosternSettings.of(config, root.data(), portOffset);
        } catch (IllegalArgumentException e) {
            throw new Stop(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static Postern start(PosternSettings settings) throws ConfigRefused {
        try {
            return Postern.start(settings);
        } catch (IOException e) {
            throw new Stop(ExitCode.IN_USE, String.valueOf(e.getMessage()), e);
        } catch (DatabaseFailure e) {
            throw new Stop(ExitCode.UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }
}
