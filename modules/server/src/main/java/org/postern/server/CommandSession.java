package org.postern.server;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.postern.accounts.AccountsMeters;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;

/** The database opened for one command, beside a running server or without one. */
public final class CommandSession implements AutoCloseable {
    private final StopOrder stops;
    private final Administration administration;
    private final Database database;
    private final Path data;

    private CommandSession(StopOrder stops, Administration administration, Database database, Path data) {
        this.stops = stops;
        this.administration = administration;
        this.database = database;
        this.data = data;
    }

    /**
     * Reads the config and reaches the database.
     *
     * @throws ConfigRefused when a config file is broken
     * @throws org.postern.database.DatabaseUnavailable when there is no database to speak to
     */
    public static CommandSession open(Path config, Path data) throws ConfigRefused {
        var read = new ConfigFiles(config).read();
        var plans = new CurrentPlans(ConfigFiles.readPlans(read.plans()));
        var stops = new StopOrder();
        try {
            var database =
                    stops.add("database", DatabaseHome.forCommand(read, data)).database();
            var meters = new SimpleMeterRegistry();
            var events = stops.add(
                    "events",
                    new Events(database, meters, Clock.systemUTC(), ConfigFiles.events(read.events())::tells));
            return new CommandSession(
                    stops,
                    Administration.forCommand(
                            database,
                            read,
                            plans,
                            new FoldersOnDemand(database, stops),
                            events,
                            new AccountsMeters(meters),
                            new SecureRandom()),
                    database,
                    data);
        } catch (ConfigRefused | RuntimeException e) {
            stops.close();
            throw e;
        }
    }

    public Administration administration() {
        return administration;
    }

    /** Import and export; to be closed before this. */
    public Transfers transfers() {
        return new Transfers(database, data);
    }

    @Override
    public void close() {
        stops.close();
    }
}
