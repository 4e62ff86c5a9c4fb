package org.postern.mailstore;

import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** What REPLACE came to (RFC 8508 §3). */
public sealed interface ReplaceOutcome permits ReplaceOutcome.Replaced, FolderGone, NothingMatched, NotStored {
    /** @param uid the new message's, in the target */
    record Replaced(UidValidity uidValidity, UidSet uid) implements ReplaceOutcome {}
}
