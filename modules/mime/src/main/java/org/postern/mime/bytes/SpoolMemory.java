package org.postern.mime.bytes;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that messages too large for heap of their own share while they are on their way, bounded for the whole node, in pieces
 * of {@value #PIECE_BYTES} bytes. What finds no room goes to a file: slower, never refused.
 *
 * <p>Why not files alone: of 10 MB of DATA, a third of the server's processor time went into writing the file and reading it again.
 */
public final class SpoolMemory {
    /** No array that the collector has to treat as a large one. */
    static final int PIECE_BYTES = 64 * 1024;
    /** A part of the whole that one message may have: slow senders of a few large ones are not to keep the others out. */
    static final int SHARE = 4;

    /** None: whatever does not fit in a message's own heap goes to a file. */
    public static final SpoolMemory NONE = new SpoolMemory(0);

    private final int most;
    private final AtomicInteger taken = new AtomicInteger();

    /** @param bytes of all messages together; one may have a quarter of them */
    public SpoolMemory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory of spools: " + bytes);
        }
        this.most = (int) Math.min(Integer.MAX_VALUE, bytes / PIECE_BYTES);
    }

    /** Bytes that messages have of it at the moment. */
    public long takenBytes() {
        return (long) taken.get() * PIECE_BYTES;
    }

    /**
     * For one message.
     *
     * @param pieces that it asks for
     * @param held pieces that it has already
     * @return whether it gets them: all or none
     */
    boolean take(int pieces, int held) {
        if ((long) held + pieces > most / SHARE) {
            return false;
        }
        int before = taken.getAndUpdate(all -> all + pieces <= most ? all + pieces : all);
        return before + pieces <= most;
    }

    void giveBack(int pieces) {
        taken.addAndGet(-pieces);
    }
}
