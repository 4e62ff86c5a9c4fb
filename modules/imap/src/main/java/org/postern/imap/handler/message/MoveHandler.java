package org.postern.imap.handler.message;

import java.util.ArrayList;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Move;
import org.postern.imap.command.NumberSet;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.Selection;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.MoveOutcome.Moved;
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
 * MOVE, UID MOVE: COPYUID first, then what is gone, then the modseq of that (RFC 6851 §3.3, §4.3, §4.4); with the rights
 * to COPY there and to delete and expunge here.
 */
public final class MoveHandler implements Handler<Move> {
    private final VisibleFolders visible;
    private final FolderStore messages;
    private final OwnerStorage storage;

    public MoveHandler(VisibleFolders visible, FolderStore messages, OwnerStorage storage) {
        this.visible = visible;
        this.messages = messages;
        this.storage = storage;
    }

    @Override
    public Reply handle(Move move, ImapSession session) {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        if (!view.may(Right.MARK_DELETED) || !view.may(Right.EXPUNGE)) {
            return Targets.forbidden();
        }
        var selection = view.resolve(move.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        return switch (visible.name(session.access().mailbox(), move.target(), Right.INSERT)) {
            case Found<OwnedName>(var target) -> moved(move, selection.get(), target, session);
            case Forbidden<OwnedName> _ -> Targets.forbidden();
            case Missing<OwnedName> _ -> Targets.missing(move.target());
        };
    }

    private Reply moved(Move move, Selection selection, OwnedName target, ImapSession session) {
        var limit = storage.of(target.owner(), session.access());
        return switch (messages.move(session.selected().folder(), selection.uids(), target, limit)) {
            case Moved moved -> told(moved, move.messages().kind() == NumberSet.Kind.UID, session);
            case NothingMatched _ -> Targets.nothingMatched(move.messages(), selection, "MOVE");
            case FolderGone _ -> Targets.sourceGone();
            case NoSuchFolder _ -> Targets.missing(move.target());
            case NotStored why -> Targets.notStored(why, session);
        };
    }

    private static Reply told(Moved moved, boolean byUid, ImapSession session) {
        session.notifications().created(moved.target(), moved.to());
        var view = session.selected();
        var untagged = new ArrayList<Untagged>();
        var code = new Code.CopyUid(moved.uidValidity(), moved.from(), moved.to());
        untagged.add(new Untagged.Note(Tagged.ok(code, "Moved")));
        untagged.addAll(view.refresh(Expunges.MAY, byUid));
        return new Reply.Whole(
                untagged,
                session.features().has(Feature.CONDSTORE)
                        ? Tagged.ok(new Code.HighestModseq(view.knownTo()), "MOVE completed")
                        : Tagged.ok("MOVE completed"));
    }
}
