package org.postern.mailstore;

import java.util.Optional;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.SpecialUse;
import org.postern.model.UidValidity;

/**
 * One folder as LIST shows it (RFC 9051 §7.3.1).
 *
 * @param wasInbox whether a RENAME of INBOX made it
 * @param state when this was read
 */
public record FolderEntry(
        FolderId id,
        FolderName name,
        Optional<SpecialUse> use,
        boolean subscribed,
        UidValidity uidValidity,
        boolean wasInbox,
        FolderState state) {
    FolderEntry withUse(SpecialUse other) {
        return new FolderEntry(id, name, Optional.of(other), subscribed, uidValidity, wasInbox, state);
    }
}
