package org.postern.imap.handler.message;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Check;
import org.postern.imap.reply.Reply;

/** CHECK: everything is on disk before a client hears of it, so there is nothing to do (RFC 3501 §6.4.1). */
public final class CheckHandler implements Handler<Check> {
    @Override
    public Reply handle(Check check, ImapSession session) {
        return Reply.ok("CHECK completed");
    }
}
