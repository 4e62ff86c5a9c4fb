package org.postern.mailstore;

import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** What APPEND came to: every message is in the folder, or none (RFC 9051 §6.3.12, RFC 3502). */
public sealed interface AppendOutcome permits AppendOutcome.Appended, NotStored {
    /** @param uids of the messages in the order they were given; one range */
    record Appended(FolderId folder, UidValidity uidValidity, UidSet uids, Modseq modseq) implements AppendOutcome {}
}
