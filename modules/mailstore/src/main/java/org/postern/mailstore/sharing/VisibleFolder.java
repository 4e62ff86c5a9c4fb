package org.postern.mailstore.sharing;

import java.util.Optional;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.OwnedName;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;
import org.postern.model.Rights;
import org.postern.model.SpecialUse;
import org.postern.model.UidValidity;

/**
 * A folder as one mailbox sees it: its own, or one that another shares with it.
 *
 * @param name by which it sees it
 * @param entry as its owner has it, but for the subscription, which is the viewer's
 * @param rights what the viewer may do; all in its own
 */
public record VisibleFolder(FolderName name, FolderEntry entry, Rights rights) {
    static VisibleFolder own(FolderEntry entry) {
        return new VisibleFolder(entry.name(), entry, Rights.ALL);
    }

    public FolderId id() {
        return entry.id();
    }

    public MailboxId owner() {
        return entry.id().mailbox();
    }

    public boolean subscribed() {
        return entry.subscribed();
    }

    /** Of a folder of somebody else, none: what is Sent for its owner is not for the viewer. */
    public Optional<SpecialUse> use() {
        return entry.use();
    }

    public UidValidity uidValidity() {
        return entry.uidValidity();
    }

    public OwnedName ownedName() {
        return new OwnedName(owner(), entry.name(), rights);
    }

    public boolean may(Right right) {
        return rights.has(right);
    }
}
