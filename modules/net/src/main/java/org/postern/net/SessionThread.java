package org.postern.net;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The virtual thread of one session: runs it from its greeting to its end, makes of that end, whatever it is, a last word to
 * the client and a log line, and between two bytes sleeps until somebody signals.
 */
final class SessionThread {
    private static final Logger LOG = LoggerFactory.getLogger(SessionThread.class);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Connection connection;
    private final Wire wire;
    private final Thread thread;
    private final Alarm alarm;

    SessionThread(Connection connection, Wire wire, SessionFactory sessions) {
        this.connection = connection;
        this.wire = wire;
        this.thread = Thread.ofVirtual()
                .name(wire.settings().name() + ' ' + connection.id())
                .unstarted(() -> run(sessions));
        this.alarm = new Alarm(wire.timer(), this::signal);
    }

    // What others do with it. Any thread.

    void start() {
        thread.start();
    }

    /** Ends its sleep, or the next one. */
    void signal() {
        LockSupport.unpark(thread);
    }

    void interrupt() {
        thread.interrupt();
    }

    // How it sleeps. Session's thread.

    /** When a wait that begins now is over, for {@link #park}; bounded so that it cannot overflow. */
    static long deadline(Duration wait) {
        long nanos = wait.compareTo(FOREVER) < 0 ? Math.max(0, wait.toNanos()) : FOREVER.toNanos();
        return System.nanoTime() + nanos;
    }

    /** Sleeps until signalled, or spuriously; false when the deadline has passed. */
    boolean park(long deadline) throws IOException {
        if (deadline - System.nanoTime() <= 0) {
            return false;
        }
        if (!thread.isInterrupted()) { // When the node stops, so does the timer.
            alarm.at(deadline);
            LockSupport.park(connection);
        }
        if (Thread.interrupted()) {
            throw interrupted(null);
        }
        return true;
    }

    static InterruptedIOException interrupted(@Nullable InterruptedException cause) {
        var gone = new InterruptedIOException("the node stops");
        if (cause != null) {
            gone.initCause(cause);
        }
        return gone;
    }

    // The session's whole life.

    private void run(SessionFactory sessions) {
        try {
            sessions.run(connection);
            connection.out().flush();
        } catch (ConnectionEnded e) {
            say(e.reason());
        } catch (PeerGone e) {
            log(LOG.atDebug(), "peer-gone").log("The client is gone");
        } catch (SlowInput e) {
            log(LOG.atInfo(), "slow-input").log(e.getMessage());
            say(new Refusal.IdleTooLong(e.limit()));
        } catch (SlowReader e) {
            log(LOG.atInfo(), "slow-reader").log(e.getMessage());
        } catch (InjectedBytes e) {
            log(LOG.atWarn(), "starttls-injection").log(e.getMessage());
        } catch (TlsFailed e) {
            log(LOG.atInfo(), "tls-failed").log(e.getMessage());
        } catch (BadCompression e) {
            log(LOG.atInfo(), "bad-compression").log(e.getMessage());
        } catch (LineTooLong e) {
            log(LOG.atInfo(), "line-too-long").log(e.getMessage());
        } catch (InterruptedIOException e) {
            log(LOG.atWarn(), "interrupted").log("The session did not end in time");
        } catch (Throwable e) {
            // Whatever it is, it ends one session and no more.
            log(LOG.atError(), "session-failed").setCause(e).log("The session failed");
            say(new Refusal.Unavailable());
        } finally {
            alarm.off();
            connection.traffic().over();
            wire.sessionOver();
        }
    }

    /** A last word in the protocol's form, behind whatever was being said. */
    private void say(Refusal refusal) {
        try {
            connection.out().write(wire.encode(refusal));
            connection.out().flush();
        } catch (IOException | RuntimeException e) {
            log(LOG.atDebug(), refusal.caseName()).setCause(e).log("The client could not be told");
        }
    }

    private LoggingEventBuilder log(LoggingEventBuilder event, String what) {
        return event.addKeyValue("session", connection.id())
                .addKeyValue("listener", wire.settings().name())
                .addKeyValue("client", connection.client())
                .addKeyValue("case", what);
    }
}
