package org.postern.imap;

import java.io.IOException;
import org.postern.imap.command.Command;
import org.postern.imap.reply.Reply;

/** Answers one command: arguments, checks, one call of the store, one reply. */
@FunctionalInterface
public interface Handler<C extends Command> {
    Reply handle(C command, ImapSession session) throws IOException;
}
