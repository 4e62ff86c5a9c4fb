package org.postern.mailstore;

import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.UidValidity;

/**
 * A folder's counters (RFC 9051 §6.3.11).
 *
 * @param recent messages that no session has been told of (RFC 3501 §2.3.2)
 * @param uidNext 1 to 4,294,967,296: the last means that no UID is left
 * @param size bytes of all messages
 */
public record FolderStatus(
        FolderId id,
        long messages,
        long unseen,
        long recent,
        long deleted,
        long size,
        long uidNext,
        UidValidity uidValidity,
        Modseq highestModseq) {}
