package org.postern.mailstore;

import java.time.Duration;

/**
 * The bounds of a {@link FolderFeed}.
 *
 * @param pollInterval how often watched folders are compared with the database, should a notification be lost
 * @param notifyInterval the least time between two batches of notifications to other nodes
 * @param idleMessages how many messages the snapshots of folders that nobody watches may have together
 */
public record FeedSettings(Duration pollInterval, Duration notifyInterval, int idleMessages) {
    public static final FeedSettings DEFAULT =
            new FeedSettings(Duration.ofSeconds(30), Duration.ofMillis(20), 2_000_000);
}
