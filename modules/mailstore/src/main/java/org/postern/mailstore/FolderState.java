package org.postern.mailstore;

import org.postern.model.Modseq;

/**
 * How far a folder's messages had come when its row was read.
 *
 * @param modseq of the newest change
 * @param uidNext 1 to 4,294,967,296: the last means that no UID is left
 * @param hasRecent whether there are messages that no session has been told of (RFC 3501 §2.3.2)
 */
public record FolderState(Modseq modseq, long uidNext, boolean hasRecent) {
    /** Of a folder that was made just now. */
    static final FolderState NEW = new FolderState(new Modseq(1), 1, false);
}
