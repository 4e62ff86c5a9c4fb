package org.postern.imap.handler.session;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Noop;
import org.postern.imap.reply.Reply;

/** NOOP: the news that follow every command are what it is for (RFC 3501 §6.1.2). */
public final class NoopHandler implements Handler<Noop> {
    @Override
    public Reply handle(Noop noop, ImapSession session) {
        return Reply.ok("NOOP completed");
    }
}
