package org.postern.imap.handler.search;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.CancelUpdate;
import org.postern.imap.reply.Reply;

/** CANCELUPDATE (RFC 5267 §4.3.5). */
public final class CancelUpdateHandler implements Handler<CancelUpdate> {
    @Override
    public Reply handle(CancelUpdate cancel, ImapSession session) {
        boolean known = true;
        for (var tag : cancel.tags()) {
            known &= session.searches().cancel(tag);
        }
        return known ? Reply.ok("CANCELUPDATE completed") : Reply.no("No search of that tag is updated");
    }
}
