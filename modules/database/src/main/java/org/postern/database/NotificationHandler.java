package org.postern.database;

/** Hears of one channel; called on the listener's own thread, one call at a time, and must not block for long. */
public interface NotificationHandler {
    void notified(String payload);

    /** The connection was away: anything may have been said meanwhile, so look for yourself. */
    void missed();
}
