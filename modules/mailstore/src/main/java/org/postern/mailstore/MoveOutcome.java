package org.postern.mailstore;

import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** What MOVE came to: each message is in one of the folders at any moment, never in both (RFC 6851 §3.3). */
public sealed interface MoveOutcome permits MoveOutcome.Moved, NothingMatched, FolderGone, NotStored {
    /**
     * @param from the UIDs gone from the source folder
     * @param to the UIDs in the target folder, paired with {@code from} in ascending order; one range
     * @param sourceModseq of the source folder, for HIGHESTMODSEQ (RFC 7162 §3.2.10)
     */
    record Moved(FolderId target, UidValidity uidValidity, UidSet from, UidSet to, Modseq sourceModseq)
            implements MoveOutcome {}
}
