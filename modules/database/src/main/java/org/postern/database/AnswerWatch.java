package org.postern.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.postgresql.core.BaseConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks connections whose user has waited for too long: PostgreSQL itself ends what takes long, so the one that does not answer
 * is gone. The driver's socket timeout would do, but it sets a timer for every read.
 */
final class AnswerWatch implements AutoCloseable {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(AnswerWatch.class);

    /** When each connection in use has to be back, of {@link System#nanoTime}. */
    private final ConcurrentMap<Connection, Long> latest = new ConcurrentHashMap<>();

    private final Rhythm rhythm = Rhythm.start("database-answers", LOOK, this::look);

    /** @param limit within which it has to be {@link #over} */
    void begin(Connection connection, Duration limit) {
        latest.put(connection, System.nanoTime() + limit.toNanos());
    }

    void over(Connection connection) {
        latest.remove(connection);
    }

    private void look() {
        long now = System.nanoTime();
        latest.forEach((connection, deadline) -> {
            if (now - deadline > 0 && latest.remove(connection, deadline)) {
                breakOff(connection);
            }
        });
    }

    /** Whoever waits on it hears of it as of any lost connection. */
    private static void breakOff(Connection connection) {
        LOG.atWarn().addKeyValue("case", "database-silent").log("a connection is broken off: no answer in time");
        try {
            connection.unwrap(BaseConnection.class).abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("it is closed already", e);
        }
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
