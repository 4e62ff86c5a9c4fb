package org.postern.delivery.relay.client;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts connections whose step takes too long, by closing the socket under it: reads, writes and handshakes alike, and no drop by
 * drop of the other host prolongs any. One for each node.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

    private final ScheduledThreadPoolExecutor timer;

    public Watch() {
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("relay-watch").daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** What is done within a time. */
    @FunctionalInterface
    public interface Step<T> {
        T run() throws IOException;
    }

    /**
     * Runs a step that speaks over the socket.
     *
     * @param what for the message, such as {@code waiting for the greeting}
     * @throws IOException of the step; or, with its cause, when the time is over: the socket is closed then
     */
    public <T> T within(Duration time, Socket socket, String what, Step<T> step) throws IOException {
        var cut = new AtomicBoolean();
        var alarm = timer.schedule(
                () -> {
                    cut.set(true);
                    close(socket);
                },
                time.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            return step.run();
        } catch (IOException e) {
            if (cut.get()) {
                throw new TooSlow(what, e);
            }
            throw e;
        } finally {
            alarm.cancel(false);
        }
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("a connection did not close: {}", e.toString());
        }
    }

    /** Steps under way are no longer watched. */
    @Override
    public void close() {
        timer.shutdownNow();
    }
}
