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

    /** What a mailbox may have too much of. */
    public enum Resource {
        BYTES,
        MESSAGES
    }

    public StorageLimit {
        if (bytes < 0 || messages.orElse(0) < 0) {
            throw new IllegalArgumentException("a storage limit is negative: " + bytes + " bytes, " + messages);
        }
    }

    /** The most of it; more than ever is where there is no limit. */
    public long max(Resource resource) {
        return switch (resource) {
            case BYTES -> bytes;
            case MESSAGES -> messages.isPresent() ? messages.getAsInt() : Long.MAX_VALUE / 2;
        };
    }

    /** With any number of messages. */
    public StorageLimit(long bytes) {
        this(bytes, OptionalInt.empty());
    }
}
