package org.postern.model;

import java.util.OptionalInt;

/**
 * The most that a mailbox may hold over all its folders.
 *
 * @param bytes a message counts its size once for each folder it is in; 0 or more
 * @param messages counted the same way; 0 or more, empty: any number
 */
public record StorageLimit(long bytes, OptionalInt messages) {
    public static final StorageLimit NONE = new StorageLimit(Long.MAX_VALUE / 2);

    public StorageLimit {
        if (bytes < 0 || messages.orElse(0) < 0) {
            throw new IllegalArgumentException("a storage limit is negative: " + bytes + " bytes, " + messages);
        }
    }

    /** With any number of messages. */
    public StorageLimit(long bytes) {
        this(bytes, OptionalInt.empty());
    }
}
