package org.postern.imap.handler.message;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Copy;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.CopyOutcome.Copied;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.NothingMatched;

/** COPY, UID COPY: every message is copied, or none (RFC 3501 §6.4.7); unknown UIDs are ignored (§6.4.8). */
public final class CopyHandler implements Handler<Copy> {
    private final FolderStore messages;

    public CopyHandler(FolderStore messages) {
        this.messages = messages;
    }

    @Override
    public Reply handle(Copy copy, ImapSession session) {
        var view = session.selected();
        var selection = view.resolve(copy.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        var storage = session.access().plan().storage();
        return switch (messages.copy(view.folder(), selection.get().uids(), copy.target(), storage)) {
            case Copied copied -> {
                session.notifications().created(copied.target(), copied.to());
                yield Reply.ok(new Code.CopyUid(copied.uidValidity(), copied.from(), copied.to()), "COPY completed");
            }
            case NothingMatched _ -> Targets.nothingMatched(copy.messages(), selection.get(), "COPY");
            case FolderGone _ -> Targets.sourceGone();
            case NotStored why -> Targets.notStored(why, session);
        };
    }
}
