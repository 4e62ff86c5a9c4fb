package org.postern.imap.handler.message;

import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Expunge;
import org.postern.imap.command.NumberSet;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.ExpungeOutcome.Expunged;
import org.postern.mailstore.ExpungeOutcome.NothingToExpunge;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.model.Right;
import org.postern.model.UidSet;

/** EXPUNGE (RFC 3501 §6.4.3), UID EXPUNGE (RFC 4315 §2.1), with the modseq of what it did (RFC 7162 §3.2.7). */
public final class ExpungeHandler implements Handler<Expunge> {
    private final FolderStore messages;

    public ExpungeHandler(FolderStore messages) {
        this.messages = messages;
    }

    @Override
    public Reply handle(Expunge expunge, ImapSession session) {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        if (!view.may(Right.EXPUNGE)) {
            return Targets.forbidden();
        }
        return switch (messages.expunge(view.folder(), expunge.only().map(set -> uids(set, view)))) {
            case Expunged _ -> told(expunge.only().isPresent(), session);
            case NothingToExpunge _ -> Reply.ok("EXPUNGE completed");
            case FolderGone _ -> Reply.no(Code.Plain.NONEXISTENT, "The folder was deleted");
        };
    }

    private static Reply told(boolean byUid, ImapSession session) {
        var view = session.selected();
        var news = view.refresh(Expunges.MAY, byUid);
        var done = session.features().has(Feature.CONDSTORE)
                ? Tagged.ok(new Code.HighestModseq(view.knownTo()), "EXPUNGE completed")
                : Tagged.ok("EXPUNGE completed");
        return new Reply.Whole(news, done);
    }

    private static UidSet uids(NumberSet set, FolderView view) {
        return view.matching(set).uids();
    }
}
