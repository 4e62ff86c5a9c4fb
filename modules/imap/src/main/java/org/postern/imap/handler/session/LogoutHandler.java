package org.postern.imap.handler.session;

import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Logout;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;

/** LOGOUT (RFC 3501 §6.1.3). */
public final class LogoutHandler implements Handler<Logout> {
    @Override
    public Reply handle(Logout logout, ImapSession session) {
        return new Reply.Farewell(
                new Reply.Bye(Optional.empty(), "Logging out"), Optional.of(Tagged.ok("LOGOUT completed")));
    }
}
