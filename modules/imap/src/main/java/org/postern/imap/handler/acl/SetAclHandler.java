package org.postern.imap.handler.acl;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.SetAcl;
import org.postern.imap.reply.Reply;

/** SETACL (RFC 4314 §3.1). */
public final class SetAclHandler implements Handler<SetAcl> {
    private final AclChanges changes;

    public SetAclHandler(AclChanges changes) {
        this.changes = changes;
    }

    @Override
    public Reply handle(SetAcl set, ImapSession session) {
        return changes.change(set.folder(), set.identifier(), set.change(), "SETACL", session);
    }
}
