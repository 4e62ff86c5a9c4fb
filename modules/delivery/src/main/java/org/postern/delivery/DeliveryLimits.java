package org.postern.delivery;

import java.time.Duration;
import org.postern.mailstore.FolderStore;

/**
 * Every bound of accepting and queueing.
 *
 * @param immediateRecipients local recipients that the accepting transaction itself delivers to; the rest follow from the queue
 * @param immediateBytes size times recipients of what it delivers, for these bytes are in heap
 * @param immediateLarge the same for a message whose body is written before, and never in heap
 * @param expiry how long a recipient is tried for
 * @param delayNotice after which a sender hears, once, that a message still waits
 * @param claim recipients that a worker takes at once
 * @param lease how long a claim lasts: recipients of a node that died come due again after it
 * @param busy retries while a folder is locked by somebody else
 * @param full retries while a mailbox is full
 * @param failed retries after an unexpected failure
 * @param poll the longest time between two looks at the queue
 * @param workers of one node
 * @param contentGrace how long a content without a queue row is kept: longer than any acceptance takes
 */
public record DeliveryLimits(
        int immediateRecipients,
        long immediateBytes,
        int immediateLarge,
        Duration expiry,
        Duration delayNotice,
        int claim,
        Duration lease,
        Backoff busy,
        Backoff full,
        Backoff failed,
        Duration poll,
        int workers,
        Duration contentGrace) {

    public static final DeliveryLimits DEFAULT = new DeliveryLimits(
            100,
            8L << 20,
            10,
            Duration.ofDays(5),
            Duration.ofHours(4),
            64,
            Duration.ofSeconds(20),
            new Backoff(Duration.ofMillis(50), Duration.ofSeconds(5)),
            new Backoff(Duration.ofMinutes(1), Duration.ofHours(1)),
            new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10)),
            Duration.ofSeconds(5),
            2,
            Duration.ofHours(1));

    public DeliveryLimits {
        if (immediateRecipients < 0 || immediateBytes < 0 || immediateLarge < 0 || claim < 1 || workers < 1) {
            throw new IllegalArgumentException("delivery bounds must be positive");
        }
        if (!expiry.isPositive()
                || !delayNotice.isPositive()
                || !lease.isPositive()
                || !poll.isPositive()
                || !contentGrace.isPositive()) {
            throw new IllegalArgumentException("delivery times must be positive");
        }
    }

    /** With other times of waiting. */
    public DeliveryLimits waiting(Duration expires, Duration noticed, Duration leased) {
        return new DeliveryLimits(
                immediateRecipients,
                immediateBytes,
                immediateLarge,
                expires,
                noticed,
                claim,
                leased,
                busy,
                full,
                failed,
                poll,
                workers,
                contentGrace);
    }

    /** How many of {@code recipients} are delivered to at once when the message has that size. */
    int immediate(int recipients, long size) {
        if (size > FolderStore.LARGE_BYTES) {
            return Math.min(recipients, immediateLarge);
        }
        long fitting = immediateBytes / Math.max(1, size);
        return (int) Math.min(Math.min(recipients, immediateRecipients), fitting);
    }
}
