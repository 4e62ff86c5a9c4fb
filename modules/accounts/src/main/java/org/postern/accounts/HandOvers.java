package org.postern.accounts;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The logins that wait until another connection has closed and left them its slot. A grant is kept for a moment: it may be
 * heard before the login begins to wait.
 */
final class HandOvers {
    private static final String GRANTED = "granted ";

    /** More than are granted on all nodes between a login's statement and its wait. */
    private static final int KEPT = 1_024;

    private final Set<Long> granted = new LinkedHashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** The connection that a notification grants its slot; empty for any other. */
    static OptionalLong parse(String payload) {
        return payload.startsWith(GRANTED)
                ? OptionalLong.of(Long.parseLong(payload.substring(GRANTED.length())))
                : OptionalLong.empty();
    }

    void grant(long connection) {
        lock.lock();
        try {
            granted.add(connection);
            if (granted.size() > KEPT) {
                granted.remove(granted.iterator().next());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the slot; false when it has not been granted in time. */
    boolean await(long connection, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!granted.remove(connection)) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}
