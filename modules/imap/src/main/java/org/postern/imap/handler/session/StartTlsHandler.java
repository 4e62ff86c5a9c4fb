package org.postern.imap.handler.session;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.StartTls;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;

/** STARTTLS (RFC 3501 §6.2.1). */
public final class StartTlsHandler implements Handler<StartTls> {
    @Override
    public Reply handle(StartTls startTls, ImapSession session) {
        if (session.connection().isSecure()) {
            return Reply.bad("TLS is already active");
        }
        return new Reply.StartTls(Tagged.ok("Begin TLS negotiation now"));
    }
}
