package org.postern.model;

import java.util.Comparator;

/** One folder inside a mailbox; {@code id} is never used twice within the mailbox. */
public record FolderId(MailboxId mailbox, long id) implements Comparable<FolderId> {
    private static final Comparator<FolderId> LOCK_ORDER =
            Comparator.comparing(FolderId::mailbox).thenComparingLong(FolderId::id);

    public FolderId {
        if (id <= 0) {
            throw new IllegalArgumentException("FolderId must be positive: " + id);
        }
    }

    /** The order in which folder rows are locked. */
    @Override
    public int compareTo(FolderId other) {
        return LOCK_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return mailbox + "/" + id;
    }
}
