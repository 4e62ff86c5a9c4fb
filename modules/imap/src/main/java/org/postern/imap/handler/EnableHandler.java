package org.postern.imap.handler;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Enable;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;

/** ENABLE: nothing of what we have needs enabling yet, and unknown names are passed over (RFC 5161 §3.1). */
public final class EnableHandler implements Handler<Enable> {
    @Override
    public Reply handle(Enable enable, ImapSession session) {
        return Reply.ok(List.of(new Untagged.Enabled(List.of())), "ENABLE completed");
    }
}
