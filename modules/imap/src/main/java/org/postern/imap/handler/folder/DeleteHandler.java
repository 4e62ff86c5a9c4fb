package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Delete;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.DeleteOutcome.Deleted;
import org.postern.mailstore.DeleteOutcome.HasChildren;
import org.postern.mailstore.DeleteOutcome.IsInbox;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NoSuchFolder;

/** DELETE (RFC 3501 §6.3.4). */
public final class DeleteHandler implements Handler<Delete> {
    private final FolderTree folders;

    public DeleteHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(Delete delete, ImapSession session) {
        return switch (folders.delete(session.access().mailbox(), delete.folder())) {
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
            case NoSuchFolder _ -> Reply.no(Code.Plain.NONEXISTENT, "No such folder");
        };
    }
}
