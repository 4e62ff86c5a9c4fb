package org.postern.imap.handler;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Move;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.MoveOutcome.Moved;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.NothingMatched;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;

/** MOVE, UID MOVE: COPYUID first, the EXPUNGE responses come with the news (RFC 6851 §3.3, §4.3). */
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
            case Moved moved -> {
                var code = new Code.CopyUid(moved.uidValidity(), moved.from(), moved.to());
                yield Reply.ok(List.of(new Untagged.Note(Tagged.ok(code, "Moved"))), "MOVE completed");
            }
            case NothingMatched _ -> Targets.nothingMatched(move.messages(), selection.get(), "MOVE");
            case NoSuchFolder _ -> Targets.missing();
            case FolderGone _ -> Targets.sourceGone();
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
            case UidsExhausted _ -> Targets.exhausted();
        };
    }
}
