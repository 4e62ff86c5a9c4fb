package org.postern.mailstore;

import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** What COPY came to: every message that is there was copied, or none (RFC 9051 §6.4.7). */
public sealed interface CopyOutcome permits CopyOutcome.Copied, NothingMatched, FolderGone, NotStored {
    /**
     * @param from the UIDs in the source folder
     * @param to the UIDs in the target folder, paired with {@code from} in ascending order; one range
     * @param modseq of the target folder
     */
    record Copied(FolderId target, UidValidity uidValidity, UidSet from, UidSet to, Modseq modseq)
            implements CopyOutcome {}
}
