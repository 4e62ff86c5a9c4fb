package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Rename;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AlreadyExists;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.RenameOutcome.BelowItself;
import org.postern.mailstore.RenameOutcome.NameTooLong;
import org.postern.mailstore.RenameOutcome.Renamed;
import org.postern.mailstore.TooManyFolders;

/** RENAME; of INBOX, its messages move to a new folder (RFC 3501 §6.3.5). */
public final class RenameHandler implements Handler<Rename> {
    private final FolderTree folders;

    public RenameHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(Rename rename, ImapSession session) {
        return switch (folders.rename(session.access().mailbox(), rename.from(), rename.to())) {
            case Renamed _ -> {
                session.notifications().caused(rename.from());
                session.notifications().caused(rename.to());
                yield Reply.ok("RENAME completed");
            }
            case BelowItself _ -> Reply.no(Code.Plain.CANNOT, "A folder cannot become its own child");
            case NameTooLong _ -> Reply.no(Code.Plain.CANNOT, "A folder below it would have too long a name");
            case NoSuchFolder _ -> Reply.no(Code.Plain.NONEXISTENT, "No such folder");
            case AlreadyExists _ -> Reply.no(Code.Plain.ALREADYEXISTS, "A folder of that name exists");
            case TooManyFolders(var max) -> Reply.no(Code.Plain.LIMIT, "A mailbox has at most " + max + " folders");
        };
    }
}
