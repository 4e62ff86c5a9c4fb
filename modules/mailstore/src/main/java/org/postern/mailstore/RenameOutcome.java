package org.postern.mailstore;

import org.postern.model.FolderId;

/** What RENAME came to (RFC 9051 §6.3.6). */
public sealed interface RenameOutcome
        permits RenameOutcome.Renamed,
                RenameOutcome.BelowItself,
                RenameOutcome.NameTooLong,
                NoSuchFolder,
                AlreadyExists,
                TooManyFolders {
    /** @param folder the folder that has the new name: of INBOX, the new one that holds its messages */
    record Renamed(FolderId folder) implements RenameOutcome {}

    /** A folder cannot become its own child. */
    record BelowItself() implements RenameOutcome {}

    /** A folder below it would have a name over the bound. */
    record NameTooLong() implements RenameOutcome {}
}
