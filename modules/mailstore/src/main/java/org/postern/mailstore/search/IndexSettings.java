package org.postern.mailstore.search;

import java.time.Duration;

/**
 * How the search index is kept.
 *
 * @param interval between two looks for something to do
 * @param patience how long what has arrived waits, at most, while other work has the processors: a search reads it itself until then
 * @param batch contents extracted at once
 * @param batchBytes of text written in one transaction
 * @param lease how long a node may take over a batch before another takes it up
 * @param textBytes of one message's header or body in UTF-8; a longer one is read again for every search
 * @param blockTexts how many texts make a block, a multiple of eight
 * @param recheck how often a block is looked at for contents that are gone
 */
public record IndexSettings(
        Duration interval,
        Duration patience,
        int batch,
        int batchBytes,
        Duration lease,
        int textBytes,
        int blockTexts,
        Duration recheck) {
    public static final IndexSettings DEFAULT = new IndexSettings(
            Duration.ofSeconds(1),
            Duration.ofSeconds(15),
            64,
            4 << 20,
            Duration.ofMinutes(2),
            1 << 20,
            1024,
            Duration.ofDays(1));

    public IndexSettings {
        if (blockTexts % Byte.SIZE != 0) {
            throw new IllegalArgumentException("texts of a block: " + blockTexts);
        }
    }
}
