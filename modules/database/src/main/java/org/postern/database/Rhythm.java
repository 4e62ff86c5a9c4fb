package org.postern.database;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task again and again on a virtual thread of its own: an interval after it ended, or sooner when asked. A task
 * that fails is logged and comes again.
 */
public final class Rhythm implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rhythm.class);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Duration interval;
    private final Runnable task;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean asked;
    private boolean stopped;

    private Rhythm(String name, Duration interval, Runnable task) {
        this.interval = interval;
        this.task = task;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /** @param name of the thread, for people who read a thread dump */
    public static Rhythm start(String name, Duration interval, Runnable task) {
        var rhythm = new Rhythm(name, interval, task);
        rhythm.thread.start();
        return rhythm;
    }

    /** Runs the task soon instead of in an interval's time. */
    public void ask() {
        lock.lock();
        try {
            asked = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a run under way; none begins afterwards. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(LONGEST_STOP)) {
                LOG.warn("{} did not stop within {}", thread.getName(), LONGEST_STOP);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (awaitTurn()) {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("{} failed and comes again in {}", thread.getName(), interval);
            }
        }
    }

    private boolean awaitTurn() {
        lock.lock();
        try {
            long left = interval.toNanos();
            while (!asked && !stopped && left > 0) {
                left = changed.awaitNanos(left);
            }
            asked = false;
            return !stopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
