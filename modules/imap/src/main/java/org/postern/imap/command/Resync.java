package org.postern.imap.command;

import java.util.Optional;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/**
 * What a client still knows of a folder from an earlier session: {@code QRESYNC} of SELECT (RFC 7162 §3.2.5).
 *
 * @param known the UIDs it knows; empty for all below UIDNEXT
 * @param anchors some of its messages by number and UID
 */
public record Resync(UidValidity validity, Modseq modseq, Optional<UidSet> known, Optional<Anchors> anchors) {
    /** {@code seq-match-data}: the n-th number is the n-th UID's, both ascending and equally many (§3.2.5.2). */
    public record Anchors(UidSet numbers, UidSet uids) {
        public Anchors {
            if (numbers.size() != uids.size()) {
                throw new IllegalArgumentException(numbers.size() + " numbers of " + uids.size() + " UIDs");
            }
        }
    }
}
