package org.postern.delivery;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes threads that wait for work. Whoever works reads {@link #rings} before it looks for work, and waits for a ring after
 * those: none is missed.
 */
public final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long rings;
    private boolean silenced;

    /** Any thread; never waits for the work. */
    public void ring() {
        lock.lock();
        try {
            rings++;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** For good: nobody waits any more. */
    public void silence() {
        lock.lock();
        try {
            silenced = true;
            rung.signalAll();
        } finally {
            lock.unlock();
        }
    }

    public boolean isSilenced() {
        lock.lock();
        try {
            return silenced;
        } finally {
            lock.unlock();
        }
    }

    public long rings() {
        lock.lock();
        try {
            return rings;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a ring after the first {@code heard} ones, for so long at most. */
    public void await(long heard, Duration longest) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (!silenced && rings <= heard && left > 0) {
                left = rung.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            silenced = true;
        } finally {
            lock.unlock();
        }
    }
}
