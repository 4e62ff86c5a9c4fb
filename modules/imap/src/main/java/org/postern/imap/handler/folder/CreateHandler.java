package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Create;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AlreadyExists;
import org.postern.mailstore.CreateOutcome.Created;
import org.postern.mailstore.CreateOutcome.SpecialUseTaken;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.TooManyFolders;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolders;

/** CREATE (RFC 3501 §6.3.3), with USE (RFC 6154 §3) and the new id (RFC 8474 §4.1); where others allow it too (RFC 4314 §4). */
public final class CreateHandler implements Handler<Create> {
    private final VisibleFolders visible;
    private final FolderTree folders;

    public CreateHandler(VisibleFolders visible, FolderTree folders) {
        this.visible = visible;
        this.folders = folders;
    }

    @Override
    public Reply handle(Create create, ImapSession session) {
        var viewer = session.access().mailbox();
        return switch (visible.newName(viewer, create.folder())) {
            case Found<OwnedName>(var name) ->
                create.use().isPresent() && !name.owner().equals(viewer)
                        ? Reply.no(Code.Plain.USEATTR, "Only its owner can give a folder a special use")
                        : created(create, name, session);
            case Forbidden<OwnedName> _, Missing<OwnedName> _ -> Targets.forbidden();
        };
    }

    private Reply created(Create create, OwnedName name, ImapSession session) {
        return switch (folders.create(name.owner(), name.name(), create.use())) {
            case Created(var folder) -> {
                session.notifications().caused(create.folder());
                yield Reply.ok(new Code.MailboxId(folder.id()), "CREATE completed");
            }
            case SpecialUseTaken _ -> Reply.no(Code.Plain.USEATTR, "Another folder has that special use");
            case AlreadyExists _ -> Reply.no(Code.Plain.ALREADYEXISTS, "A folder of that name exists");
            case TooManyFolders(var max) -> Reply.no(Code.Plain.LIMIT, "A mailbox has at most " + max + " folders");
        };
    }
}
