package org.postern.imap.handler.message;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Copy;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.view.Selection;
import org.postern.mailstore.CopyOutcome.Copied;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.NothingMatched;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/**
 * COPY, UID COPY: every message is copied, or none (RFC 3501 §6.4.7); unknown UIDs are ignored (§6.4.8); flags as far as the target
 * gives rights to them (RFC 4314 §4).
 */
public final class CopyHandler implements Handler<Copy> {
    private final VisibleFolders visible;
    private final FolderStore messages;
    private final OwnerStorage storage;

    public CopyHandler(VisibleFolders visible, FolderStore messages, OwnerStorage storage) {
        this.visible = visible;
        this.messages = messages;
        this.storage = storage;
    }

    @Override
    public Reply handle(Copy copy, ImapSession session) {
        var view = session.selected();
        var selection = view.resolve(copy.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        return switch (visible.name(session.access().mailbox(), copy.target(), Right.INSERT)) {
            case Found<OwnedName>(var target) -> copied(copy, selection.get(), target, session);
            case Forbidden<OwnedName> _ -> Targets.forbidden();
            case Missing<OwnedName> _ -> Targets.missing(copy.target());
        };
    }

    private Reply copied(Copy copy, Selection selection, OwnedName target, ImapSession session) {
        var limit = storage.of(target.owner(), session.access());
        return switch (messages.copy(session.selected().folder(), selection.uids(), target, limit)) {
            case Copied copied -> {
                session.notifications().created(copied.target(), copied.to());
                yield Reply.ok(new Code.CopyUid(copied.uidValidity(), copied.from(), copied.to()), "COPY completed");
            }
            case NothingMatched _ -> Targets.nothingMatched(copy.messages(), selection, "COPY");
            case FolderGone _ -> Targets.sourceGone();
            case NoSuchFolder _ -> Targets.missing(copy.target());
            case NotStored why -> Targets.notStored(why, session);
        };
    }
}
