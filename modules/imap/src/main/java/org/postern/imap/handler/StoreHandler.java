package org.postern.imap.handler;

import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Store;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.Selection;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.StoreOutcome.Stored;
import org.postern.mailstore.TooManyKeywords;
import org.postern.model.UidSet;

/** STORE, UID STORE: .SILENT hides only what this client did itself (RFC 3501 §6.4.6). */
public final class StoreHandler implements Handler<Store> {
    private final FolderStore messages;

    public StoreHandler(FolderStore messages) {
        this.messages = messages;
    }

    @Override
    public Reply handle(Store store, ImapSession session) {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        var selection = view.resolve(store.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        var uids = selection.get().uids();
        if (uids.isEmpty()) {
            return Reply.ok("STORE completed");
        }
        return switch (messages.store(view.folder(), uids, store.change(), Optional.empty())) {
            case Stored stored -> {
                view.predict(store.change(), stored);
                boolean byUid = store.messages().kind() == NumberSet.Kind.UID;
                var shown = store.silent() ? UidSet.empty() : uids;
                yield new Reply.Whole(
                        view.refresh(Expunges.HELD, byUid, shown), outcome(byUid, selection.get(), session));
            }
            case FolderGone _ -> Targets.sourceGone();
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
        };
    }

    /** A number whose message is gone: the others are changed, and the client should ask for the news (RFC 2180 §4.2.1). */
    private static Tagged outcome(boolean byUid, Selection selection, ImapSession session) {
        return !byUid && session.selected().isAnyGone(selection)
                ? Tagged.no(Code.Plain.EXPUNGEISSUED, "Some of these messages are gone")
                : Tagged.ok("STORE completed");
    }
}
