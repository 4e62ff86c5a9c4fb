package org.postern.mime.bytes;

import java.nio.file.Path;

/**
 * Where and how much a {@link Spool} may hold.
 *
 * @param directory where temporary files go; it must exist, be writable and belong to the server alone
 * @param heapBytes a message up to this size stays in heap of its own
 * @param memory what larger ones share before they go to files
 * @param maxBytes the largest message taken; one byte more is {@link SpoolFull}
 */
public record SpoolSettings(Path directory, int heapBytes, SpoolMemory memory, long maxBytes) {
    public static final int DEFAULT_HEAP_BYTES = 256 * 1024;

    public SpoolSettings {
        if (heapBytes < 0 || maxBytes < 0 || maxBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("spool bounds: heap " + heapBytes + ", max " + maxBytes);
        }
    }

    /** With nothing between heap and file. */
    public SpoolSettings(Path directory, long maxBytes) {
        this(directory, DEFAULT_HEAP_BYTES, SpoolMemory.NONE, maxBytes);
    }

    /** The same place with another bound: a plan's, or what a client announced. */
    public SpoolSettings withMaxBytes(long bytes) {
        return new SpoolSettings(directory, heapBytes, memory, bytes);
    }
}
