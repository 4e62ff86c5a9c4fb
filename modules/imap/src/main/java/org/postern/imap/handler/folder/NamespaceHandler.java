package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Namespace;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;

/** NAMESPACE (RFC 2342 §5). */
public final class NamespaceHandler implements Handler<Namespace> {
    @Override
    public Reply handle(Namespace namespace, ImapSession session) {
        return Reply.ok(List.of(new Untagged.Namespace()), "NAMESPACE completed");
    }
}
