package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Create;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AlreadyExists;
import org.postern.mailstore.CreateOutcome.Created;
import org.postern.mailstore.CreateOutcome.SpecialUseTaken;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.TooManyFolders;

/** CREATE (RFC 3501 §6.3.3), with USE (RFC 6154 §3) and the new id (RFC 8474 §4.1). */
public final class CreateHandler implements Handler<Create> {
    private final FolderTree folders;

    public CreateHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(Create create, ImapSession session) {
        return switch (folders.create(session.access().mailbox(), create.folder(), create.use())) {
            case Created(var folder) -> {
                session.notifications().caused(folder.name());
                yield Reply.ok(new Code.MailboxId(folder.id()), "CREATE completed");
            }
            case SpecialUseTaken _ -> Reply.no(Code.Plain.USEATTR, "Another folder has that special use");
            case AlreadyExists _ -> Reply.no(Code.Plain.ALREADYEXISTS, "A folder of that name exists");
            case TooManyFolders(var max) -> Reply.no(Code.Plain.LIMIT, "A mailbox has at most " + max + " folders");
        };
    }
}
