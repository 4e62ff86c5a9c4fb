package org.postern.imap.handler.session;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Unauthenticate;
import org.postern.imap.reply.Reply;

/** UNAUTHENTICATE: as if nobody had logged in; TLS and compression stay (RFC 8437 §3). */
public final class UnauthenticateHandler implements Handler<Unauthenticate> {
    @Override
    public Reply handle(Unauthenticate unauthenticate, ImapSession session) {
        session.dismiss();
        return Reply.ok("UNAUTHENTICATE completed");
    }
}
