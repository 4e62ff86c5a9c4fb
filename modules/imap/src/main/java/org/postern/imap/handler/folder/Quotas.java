package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.Optional;
import org.postern.accounts.Access;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.QuotaResource;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.MailboxId;
import org.postern.model.Right;

/**
 * What mailboxes hold and may hold, as QUOTA says it (RFC 9208 §5.1). A client's own mailbox is the root without name; that of
 * somebody whose folders it may read has the address as its name.
 */
public final class Quotas {
    private static final int UNIT = 1024;

    private final VisibleFolders visible;
    private final FolderTree folders;
    private final OwnerStorage storage;

    public Quotas(VisibleFolders visible, FolderTree folders, OwnerStorage storage) {
        this.visible = visible;
        this.folders = folders;
        this.storage = storage;
    }

    String rootOf(VisibleFolder folder, Access access) {
        return folder.owner().equals(access.mailbox())
                ? ""
                : OtherUsers.place(folder.name()).orElseThrow().owner().toString();
    }

    /** The mailbox whose root that is, if the client may know of it. */
    Optional<MailboxId> ownerOf(String root, Access access) {
        return root.isEmpty()
                ? Optional.of(access.mailbox())
                : visible.list(access.mailbox()).stream()
                        .filter(folder ->
                                folder.may(Right.READ) && rootOf(folder, access).equalsIgnoreCase(root))
                        .map(VisibleFolder::owner)
                        .findFirst();
    }

    /** Only resources with a limit are told. */
    Untagged of(String root, MailboxId owner, Access access) {
        var usage = folders.usage(owner);
        var limit = storage.of(owner, access);
        var resources = new ArrayList<QuotaResource>();
        // Rounded so that a mailbox that is full looks full.
        resources.add(new QuotaResource("STORAGE", Math.ceilDiv(usage.bytes(), UNIT), limit.bytes() / UNIT));
        limit.messages().ifPresent(most -> resources.add(new QuotaResource("MESSAGE", usage.messages(), most)));
        return new Untagged.Quota(root, resources);
    }
}
