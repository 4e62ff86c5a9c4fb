package org.postern.mailstore;

/**
 * The most that a mailbox may hold over all its folders.
 *
 * @param bytes a message counts its size once for each folder it is in
 */
public record StorageLimit(long bytes) {
    public static final StorageLimit NONE = new StorageLimit(Long.MAX_VALUE / 2);

    public StorageLimit {
        if (bytes < 0) {
            throw new IllegalArgumentException("storage limit is negative: " + bytes);
        }
    }
}
