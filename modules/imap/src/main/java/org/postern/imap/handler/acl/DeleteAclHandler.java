package org.postern.imap.handler.acl;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.DeleteAcl;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.sharing.AclChange;

/** DELETEACL: of what is given or of what is taken, as the identifier says (RFC 4314 §3.2). */
public final class DeleteAclHandler implements Handler<DeleteAcl> {
    private final AclChanges changes;

    public DeleteAclHandler(AclChanges changes) {
        this.changes = changes;
    }

    @Override
    public Reply handle(DeleteAcl delete, ImapSession session) {
        return changes.change(delete.folder(), delete.identifier(), AclChange.NOTHING_LEFT, "DELETEACL", session);
    }
}
