package org.postern.imap.handler.acl;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** MYRIGHTS, for whoever may know of the folder by any of them (RFC 4314 §3.5, §4). */
public final class MyRightsHandler implements Handler<Command.MyRights> {
    private final VisibleFolders visible;

    public MyRightsHandler(VisibleFolders visible) {
        this.visible = visible;
    }

    @Override
    public Reply handle(Command.MyRights mine, ImapSession session) {
        return visible.seek(session.access().mailbox(), mine.folder()) instanceof Found<VisibleFolder>(var folder)
                        && folder.rights()
                                .hasAny(
                                        Right.LOOKUP,
                                        Right.READ,
                                        Right.INSERT,
                                        Right.CREATE,
                                        Right.DELETE,
                                        Right.ADMINISTER)
                ? Reply.ok(List.of(new Untagged.MyRights(mine.folder(), folder.rights())), "MYRIGHTS completed")
                : Targets.unknown();
    }
}
