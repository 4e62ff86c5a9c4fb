package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Delete;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.DeleteOutcome.Deleted;
import org.postern.mailstore.DeleteOutcome.HasChildren;
import org.postern.mailstore.DeleteOutcome.IsInbox;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** DELETE (RFC 3501 §6.3.4), with the right to it (RFC 4314 §4). */
public final class DeleteHandler implements Handler<Delete> {
    private final VisibleFolders visible;
    private final FolderTree folders;

    public DeleteHandler(VisibleFolders visible, FolderTree folders) {
        this.visible = visible;
        this.folders = folders;
    }

    @Override
    public Reply handle(Delete delete, ImapSession session) {
        return switch (visible.name(session.access().mailbox(), delete.folder(), Right.DELETE)) {
            case Found<OwnedName>(var name) -> deleted(delete, name, session);
            case Forbidden<OwnedName> _ -> Targets.forbidden();
            case Missing<OwnedName> _ -> Targets.unknown();
        };
    }

    private Reply deleted(Delete delete, OwnedName name, ImapSession session) {
        return switch (folders.delete(name.owner(), name.name())) {
            case Deleted(var folder) -> {
                session.notifications().caused(delete.folder());
                if (session.selectedIfAny()
                        .filter(view -> view.folder().equals(folder))
                        .isPresent()) {
                    session.unselect(); // Its own doing: no reason to be disconnected.
                }
                yield Reply.ok("DELETE completed");
            }
            case IsInbox _ -> Reply.no(Code.Plain.CANNOT, "INBOX cannot be deleted");
            case HasChildren _ -> Reply.no(Code.Plain.HASCHILDREN, "Delete the folders below it first");
            case NoSuchFolder _ -> Targets.unknown();
        };
    }
}
