package org.postern.imap.handler.message;

import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Close;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.FolderStore;
import org.postern.model.Right;

/** CLOSE: expunges without a word, where it may, then unselects (RFC 3501 §6.4.2, RFC 4314 §4). */
public final class CloseHandler implements Handler<Close> {
    private final FolderStore messages;

    public CloseHandler(FolderStore messages) {
        this.messages = messages;
    }

    @Override
    public Reply handle(Close close, ImapSession session) {
        var view = session.selected();
        if (!view.isReadOnly() && view.may(Right.EXPUNGE)) {
            messages.expunge(view.folder(), Optional.empty()); // Whatever came of it, the client has left the folder.
        }
        session.unselect();
        return Reply.ok("CLOSE completed");
    }
}
