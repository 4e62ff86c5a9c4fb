package org.postern.imap.handler.acl;

import java.util.ArrayList;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetAcl;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged.Acl;
import org.postern.imap.reply.Untagged.Acl.Granted;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;
import org.postern.model.Rights;

/** GETACL: the owner first, who may do everything (RFC 4314 §3.3). */
public final class GetAclHandler implements Handler<GetAcl> {
    private final VisibleFolders visible;
    private final FolderAcls acls;

    public GetAclHandler(VisibleFolders visible, FolderAcls acls) {
        this.visible = visible;
        this.acls = acls;
    }

    @Override
    public Reply handle(GetAcl get, ImapSession session) {
        return switch (visible.seek(session.access().mailbox(), get.folder(), Right.ADMINISTER)) {
            case Found<VisibleFolder>(var folder) -> {
                var entries = new ArrayList<Granted>();
                entries.add(new Granted(acls.address(folder.owner()).toString(), Rights.ALL));
                acls.of(folder.id())
                        .forEach(entry -> entries.add(new Granted(
                                (entry.negative() ? "-" : "") + entry.grantee().name(), entry.rights())));
                yield Reply.ok(List.of(new Acl(get.folder(), entries)), "GETACL completed");
            }
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }
}
