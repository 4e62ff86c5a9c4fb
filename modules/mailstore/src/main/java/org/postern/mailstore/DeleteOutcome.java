package org.postern.mailstore;

import org.postern.model.FolderId;

/** What DELETE came to (RFC 9051 §6.3.5). */
public sealed interface DeleteOutcome
        permits DeleteOutcome.Deleted, DeleteOutcome.IsInbox, DeleteOutcome.HasChildren, NoSuchFolder {
    record Deleted(FolderId folder) implements DeleteOutcome {}

    record IsInbox() implements DeleteOutcome {}

    /** Folders below it must go first (RFC 5530 §3 HASCHILDREN). */
    record HasChildren() implements DeleteOutcome {}
}
