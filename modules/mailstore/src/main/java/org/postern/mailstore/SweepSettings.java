package org.postern.mailstore;

import java.time.Duration;

/**
 * When what nobody needs any more is deleted.
 *
 * @param interval between two sweeps
 * @param contentGrace how long a content outlives its last message: longer than the longest stream to a client
 * @param tombstoneGrace how long the messages of a deleted folder stay readable for sessions that have it selected
 * @param tombstoneLife how long a deleted folder is remembered
 * @param changesKept how long the change log is whole
 * @param expungesKept how long the change log remembers expunges
 * @param batch rows deleted in one transaction
 */
public record SweepSettings(
        Duration interval,
        Duration contentGrace,
        Duration tombstoneGrace,
        Duration tombstoneLife,
        Duration changesKept,
        Duration expungesKept,
        int batch) {
    public static final SweepSettings DEFAULT = new SweepSettings(
            Duration.ofSeconds(30),
            Duration.ofHours(6),
            Duration.ofMinutes(10),
            Duration.ofDays(1),
            Duration.ofMinutes(10),
            Duration.ofDays(60),
            1_000);
}
