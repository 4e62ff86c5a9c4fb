package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Unselect;
import org.postern.imap.reply.Reply;

/** UNSELECT: CLOSE without its expunge (RFC 3691 §2). */
public final class UnselectHandler implements Handler<Unselect> {
    @Override
    public Reply handle(Unselect unselect, ImapSession session) {
        session.unselect();
        return Reply.ok("UNSELECT completed");
    }
}
