package org.postern.imap.handler.session;

import java.io.IOException;
import java.util.Locale;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Idle;
import org.postern.imap.reply.Reply;
import org.postern.net.Wake;

/** IDLE: tells what changes as it changes, until DONE (RFC 2177 §3). */
public final class IdleHandler implements Handler<Idle> {
    @Override
    public Reply handle(Idle idle, ImapSession session) throws IOException {
        session.dialogue().invite("idling");
        // Asked before each wait: what changed while the last news were written has woken us already.
        while (session.tellAllNews()) {
            if (session.awaitNews() == Wake.BYTES) {
                // Apple Mail sends DONE and its next commands in one packet: only the line is taken.
                return session.dialogue().nextLine().toUpperCase(Locale.ROOT).equals("DONE")
                        ? Reply.ok("IDLE completed")
                        : Reply.bad("Expected DONE");
            }
        }
        return Reply.no("The selected folder was deleted");
    }
}
