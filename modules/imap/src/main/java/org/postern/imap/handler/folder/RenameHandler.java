package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Rename;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AlreadyExists;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.RenameOutcome.BelowItself;
import org.postern.mailstore.RenameOutcome.NameTooLong;
import org.postern.mailstore.RenameOutcome.Renamed;
import org.postern.mailstore.TooManyFolders;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** RENAME; of INBOX, its messages move to a new folder (RFC 3501 §6.3.5); with the rights to both names (RFC 4314 §4). */
public final class RenameHandler implements Handler<Rename> {
    private final VisibleFolders visible;
    private final FolderTree folders;

    public RenameHandler(VisibleFolders visible, FolderTree folders) {
        this.visible = visible;
        this.folders = folders;
    }

    @Override
    public Reply handle(Rename rename, ImapSession session) {
        return switch (visible.name(session.access().mailbox(), rename.from(), Right.DELETE)) {
            case Found<OwnedName>(var from) -> renamed(rename, from, session);
            case Forbidden<OwnedName> _ -> Targets.forbidden();
            case Missing<OwnedName> _ -> Targets.unknown();
        };
    }

    private Reply renamed(Rename rename, OwnedName from, ImapSession session) {
        var viewer = session.access().mailbox();
        return switch (visible.newName(viewer, rename.to())) {
            case Found<OwnedName>(var to) -> {
                if (!from.owner().equals(to.owner())) {
                    yield Reply.no(Code.Plain.CANNOT, "A folder stays in its mailbox");
                }
                yield from.name().isInbox() && !from.owner().equals(viewer)
                        ? Reply.no(Code.Plain.CANNOT, "Only its owner can rename an INBOX")
                        : renamed(rename, from, to, session);
            }
            case Forbidden<OwnedName> _, Missing<OwnedName> _ -> Targets.forbidden();
        };
    }

    private Reply renamed(Rename rename, OwnedName from, OwnedName to, ImapSession session) {
        return switch (folders.rename(from.owner(), from.name(), to.name())) {
            case Renamed _ -> {
                session.notifications().caused(rename.from());
                session.notifications().caused(rename.to());
                yield Reply.ok("RENAME completed");
            }
            case BelowItself _ -> Reply.no(Code.Plain.CANNOT, "A folder cannot become its own child");
            case NameTooLong _ -> Reply.no(Code.Plain.CANNOT, "A folder below it would have too long a name");
            case NoSuchFolder _ -> Targets.unknown();
            case AlreadyExists _ -> Reply.no(Code.Plain.ALREADYEXISTS, "A folder of that name exists");
            case TooManyFolders(var max) -> Reply.no(Code.Plain.LIMIT, "A mailbox has at most " + max + " folders");
        };
    }
}
