package org.postern.imap.handler.message;

import java.util.ArrayList;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Move;
import org.postern.imap.command.NumberSet;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Expunges;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.MoveOutcome.Moved;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.NothingMatched;

/** MOVE, UID MOVE: COPYUID first, then what is gone, then the modseq of that (RFC 6851 §3.3, §4.3, §4.4). */
public final class MoveHandler implements Handler<Move> {
    private final FolderStore messages;

    public MoveHandler(FolderStore messages) {
        this.messages = messages;
    }

    @Override
    public Reply handle(Move move, ImapSession session) {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        var selection = view.resolve(move.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        return switch (messages.move(view.folder(), selection.get().uids(), move.target())) {
            case Moved moved -> told(moved, move.messages().kind() == NumberSet.Kind.UID, session);
            case NothingMatched _ -> Targets.nothingMatched(move.messages(), selection.get(), "MOVE");
            case FolderGone _ -> Targets.sourceGone();
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
