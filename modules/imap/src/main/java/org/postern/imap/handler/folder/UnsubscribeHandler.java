package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Unsubscribe;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.FolderTree;

/** UNSUBSCRIBE (RFC 3501 §6.3.7). */
public final class UnsubscribeHandler implements Handler<Unsubscribe> {
    private final FolderTree folders;

    public UnsubscribeHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(Unsubscribe unsubscribe, ImapSession session) {
        folders.unsubscribe(session.access().mailbox(), unsubscribe.folder());
        return Reply.ok("UNSUBSCRIBE completed");
    }
}
