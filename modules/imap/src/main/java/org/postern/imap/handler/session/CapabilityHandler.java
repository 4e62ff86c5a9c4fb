package org.postern.imap.handler.session;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Capability;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;

/** CAPABILITY (RFC 3501 §6.1.1). */
public final class CapabilityHandler implements Handler<Capability> {
    @Override
    public Reply handle(Capability capability, ImapSession session) {
        return Reply.ok(List.of(new Untagged.Capability(session.capabilities())), "CAPABILITY completed");
    }
}
