package org.postern.imap.handler.acl;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;
import org.postern.model.Rights;

/** LISTRIGHTS: any right can be granted alone; the owner has all of them for good (RFC 4314 §3.4). */
public final class ListRightsHandler implements Handler<Command.ListRights> {
    private final VisibleFolders visible;
    private final FolderAcls acls;

    public ListRightsHandler(VisibleFolders visible, FolderAcls acls) {
        this.visible = visible;
        this.acls = acls;
    }

    @Override
    public Reply handle(Command.ListRights list, ImapSession session) {
        return switch (visible.seek(session.access().mailbox(), list.folder(), Right.ADMINISTER)) {
            case Found<VisibleFolder>(var folder) -> told(list, folder);
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }

    private Reply told(Command.ListRights list, VisibleFolder folder) {
        var grantee = AclChanges.grantee(folder.owner(), list.identifier(), acls);
        if (grantee.isEmpty()) {
            return AclChanges.stranger();
        }
        var required = AclChanges.isOwner(grantee.get(), folder.owner()) ? Rights.ALL : Rights.NONE;
        var told = new Untagged.ListRights(list.folder(), list.identifier().text(), required);
        return Reply.ok(List.of(told), "LISTRIGHTS completed");
    }
}
