package org.postern.database;

/** stub */
public final class Notifications implements AutoCloseable {
    static Notifications open(DatabaseSettings settings) {
        throw new UnsupportedOperationException();
    }

    public void on(String channel, NotificationHandler handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
