package org.postern.delivery.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.postern.delivery.relay.client.SmtpConnection;

/**
 * Connections to the smarthost between the mail of one domain and that of the next, so that not every domain costs a handshake and a login.
 * Any number of threads.
 */
final class KeptConnections implements AutoCloseable {
    /** The other host waits no less than five minutes (RFC 5321 §4.5.3.2.7), but has better things to do. */
    static final Duration LONGEST = Duration.ofSeconds(10);

    private final int most;
    private final LongSupplier nanos;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private boolean closed;

    private record Kept(SmtpConnection connection, long since) {}

    /** @param nanos such as {@link System#nanoTime} */
    KeptConnections(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** The one that was used last; the other host may have closed it all the same. */
    synchronized Optional<SmtpConnection> take() {
        return Optional.ofNullable(kept.pollLast()).map(Kept::connection);
    }

    /** For the next one who needs it; not kept where there are enough. */
    void keep(SmtpConnection connection) {
        if (!offer(connection)) {
            connection.close();
        }
    }

    private synchronized boolean offer(SmtpConnection connection) {
        return !closed && kept.size() < most && kept.offerLast(new Kept(connection, nanos.getAsLong()));
    }

    /** Closes those that nobody has needed for long. Waits for nobody. */
    synchronized void sweep() {
        long now = nanos.getAsLong();
        while (!kept.isEmpty() && now - kept.getFirst().since() > LONGEST.toNanos()) {
            quit(kept.removeFirst().connection());
        }
    }

    /** Closes them all, and waits until that is done; what is given back from now on is closed at once. */
    @Override
    public void close() {
        try {
            for (var quitting : quitAll()) {
                quitting.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Whoever stops us is in a hurry: they are under way, at least.
        }
    }

    private synchronized List<Thread> quitAll() {
        closed = true;
        var all = kept.stream().map(each -> quit(each.connection())).toList();
        kept.clear();
        return all;
    }

    private static Thread quit(SmtpConnection connection) {
        return Thread.ofVirtual().name("relay-quit").start(connection::close);
    }
}
