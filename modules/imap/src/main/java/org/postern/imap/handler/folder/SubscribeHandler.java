package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Subscribe;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.Subscriptions;

/** SUBSCRIBE: to a name, whether or not it has a folder (RFC 3501 §6.3.6). */
public final class SubscribeHandler implements Handler<Subscribe> {
    private final Subscriptions subscriptions;

    public SubscribeHandler(Subscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    @Override
    public Reply handle(Subscribe subscribe, ImapSession session) {
        session.notifications().caused(subscribe.folder());
        return subscriptions.add(session.access().mailbox(), subscribe.folder())
                ? Reply.ok("SUBSCRIBE completed")
                : Reply.no(Code.Plain.LIMIT, "A mailbox has at most " + Subscriptions.MAX + " subscriptions");
    }
}
