package org.postern.mailstore;

import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** What EXPUNGE came to (RFC 9051 §6.4.3, §6.4.9). */
public sealed interface ExpungeOutcome permits ExpungeOutcome.Expunged, ExpungeOutcome.NothingToExpunge, FolderGone {
    record Expunged(Modseq modseq, UidSet uids) implements ExpungeOutcome {}

    record NothingToExpunge() implements ExpungeOutcome {}
}
