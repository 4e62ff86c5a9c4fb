package org.postern.mailstore.metadata;

/** What SETMETADATA came to: every entry is set, or none (RFC 5464 §4.3). */
public sealed interface MetadataOutcome {
    record Set() implements MetadataOutcome {}

    record NoFolder() implements MetadataOutcome {}

    /** @param max entries that one folder, or the mailbox itself, may have */
    record TooMany(int max) implements MetadataOutcome {}

    /** @param max bytes of all names and values of a mailbox */
    record TooMuch(long max) implements MetadataOutcome {}
}
