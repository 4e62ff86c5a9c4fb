package org.postern.imap;

import java.io.IOException;
import org.postern.imap.command.Command;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.reply.Reply;

/** Answers one command: arguments, checks, one call of the store, one reply. */
@FunctionalInterface
public interface Handler<C extends Command> {
    /** @throws Unparsable from commands whose handlers read on behind their literals */
    Reply handle(C command, ImapSession session) throws IOException, Unparsable;
}
