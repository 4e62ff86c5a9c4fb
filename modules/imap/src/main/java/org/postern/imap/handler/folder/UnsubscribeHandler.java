package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Unsubscribe;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.Subscriptions;

/** UNSUBSCRIBE (RFC 3501 §6.3.7). */
public final class UnsubscribeHandler implements Handler<Unsubscribe> {
    private final Subscriptions subscriptions;

    public UnsubscribeHandler(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public Reply handle(Unsubscribe unsubscribe, ImapSession session) {
        session.notifications().caused(unsubscribe.folder());
        subscriptions.remove(session.access().mailbox(), unsubscribe.folder());
        return Reply.ok("UNSUBSCRIBE completed");
    }
}
