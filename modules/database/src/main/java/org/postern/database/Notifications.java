package org.postern.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to PostgreSQL's notifications on one connection of its own and connects again whenever that is lost.
 *
 * <p>Channels belong to the whole database, not to a schema: put the cell into their names. Handlers run on the
 * listener's own platform thread, so that busy sessions do not delay them, one call at a time.
 */
public final class Notifications implements AutoCloseable {
    /** How long a new channel may wait until LISTEN is sent: the connection is busy waiting meanwhile. */
    static final Duration POLL = Duration.ofMillis(200);

    /** A silent connection is asked this often whether it still lives. */
    static final Duration PROBE = Duration.ofSeconds(20);

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    private static final Duration MAX_CLOSE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    private final DatabaseSettings settings;
    private final Map<String, List<NotificationHandler>> handlers = new ConcurrentHashMap<>();
    private final Queue<Registration> added = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean listening;

    private Notifications(DatabaseSettings settings) {
        this.settings = settings;
        this.thread = Thread.ofPlatform().name("postern-listen").daemon().unstarted(this::run);
    }

    static Notifications open(DatabaseSettings settings) {
        var notifications = new Notifications(settings);
        notifications.thread.start();
        return notifications;
    }

    /**
     * Adds a handler to a channel; returns at once.
     *
     * <p>As soon as the channel is listened to, and again after every lost connection, {@link
     * NotificationHandler#missed()} is called: what was said before may not have been heard, all that follows will be.
     */
    public void on(String channel, NotificationHandler handler) {
        if (channel.isEmpty() || channel.length() > 63) {
            throw new IllegalArgumentException("a channel's name has 1 to 63 bytes: " + channel);
        }
        handlers.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>()).add(handler);
        added.add(new Registration(channel, handler));
    }

    /** Whether it listens now, and everybody knows what was missed; a connection that broke in silence is noticed within a minute. */
    public boolean isListening() {
        return listening;
    }

    @Override
    public void close() {
        closed.countDown();
        var open = connection;
        if (open != null) {
            try {
                // abort, not close: close would wait for the read that is under way.
                open.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("closing the listener", e);
            }
        }
        try {
            if (!thread.join(MAX_CLOSE)) {
                LOG.warn("the listener still runs: a handler blocks");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Registration(String channel, NotificationHandler handler) {}

    private void run() {
        int failures = 0;
        while (!isClosed()) {
            try (var fresh = Connections.forNotifications(settings).getConnection()) {
                connection = fresh;
                failures = 0;
                listenToAll(fresh);
                listening = true;
                listen(fresh);
            } catch (SQLException e) {
                if (!isClosed()) {
                    failures++;
                    LOG.warn("not listening to the database: {}", e.getMessage());
                }
            } finally {
                listening = false;
                connection = null;
            }
            backOff(failures);
        }
    }

    private void listenToAll(Connection fresh) throws SQLException {
        added.clear();
        for (var channel : handlers.keySet()) {
            listenTo(fresh, channel);
        }
        handlers.values().forEach(all -> all.forEach(Notifications::missed));
    }

    private void listen(Connection open) throws SQLException {
        var listener = open.unwrap(PGConnection.class);
        long probed = System.nanoTime();
        while (!isClosed()) {
            listenToAdded(open);
            var notes = listener.getNotifications(Math.toIntExact(POLL.toMillis()));
            for (var note : notes == null ? new PGNotification[0] : notes) {
                handlers.getOrDefault(note.getName(), List.of())
                        .forEach(handler -> call(handler, h -> h.notified(note.getParameter())));
            }
            if (System.nanoTime() - probed > PROBE.toNanos()) {
                try (var statement = open.createStatement()) {
                    statement.execute("SELECT 1");
                }
                probed = System.nanoTime();
            }
        }
    }

    private void listenToAdded(Connection open) throws SQLException {
        // A registration taken from the queue whose LISTEN fails is made good by the next connection's listenToAll.
        for (var next = added.poll(); next != null; next = added.poll()) {
            listenTo(open, next.channel());
            missed(next.handler());
        }
    }

    private static void listenTo(Connection open, String channel) throws SQLException {
        try (var statement = open.createStatement()) {
            statement.execute("LISTEN \"" + channel.replace("\"", "\"\"") + '"');
        }
    }

    private static void missed(NotificationHandler handler) {
        call(handler, NotificationHandler::missed);
    }

    /** One handler's bug must not deafen the others. */
    private static void call(NotificationHandler handler, Consumer<NotificationHandler> what) {
        try {
            what.accept(handler);
        } catch (RuntimeException e) {
            LOG.error("a notification handler failed: {}", handler, e);
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void backOff(int failures) {
        if (failures == 0) {
            return;
        }
        long bound = Math.min(MAX_BACKOFF.toMillis(), FIRST_BACKOFF.toMillis() << Math.min(failures, 10));
        try {
            var _ = closed.await(ThreadLocalRandom.current().nextLong(bound / 2, bound), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but a JVM that ends.
            closed.countDown();
        }
    }
}
