package org.postern.imap.handler.message;

import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Store;
import org.postern.imap.command.NumberSet;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.FolderView;
import org.postern.imap.view.Selection;
import org.postern.imap.view.Shown;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.StoreOutcome.Stored;
import org.postern.mailstore.TooManyKeywords;
import org.postern.model.FlagChange;
import org.postern.model.Right;
import org.postern.model.Rights;
import org.postern.model.UidSet;

/**
 * STORE, UID STORE: .SILENT hides only what this client did itself (RFC 3501 §6.4.6); with UNCHANGEDSINCE, MODIFIED names
 * what others changed meanwhile (RFC 7162 §3.1.3).
 */
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
        if (!isAnyAllowed(store.change(), view.rights())) {
            return Targets.forbidden();
        }
        var selection = view.resolveUntold(store.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        if (store.unchangedSince().isPresent()) {
            session.features().enable(Feature.CONDSTORE); // RFC 7162 §3.1.
        }
        var uids = selection.get().uids();
        if (uids.isEmpty()) {
            return Reply.ok("STORE completed");
        }
        return switch (messages.store(view.folder(), uids, store.change(), store.unchangedSince(), view.rights())) {
            case Stored stored -> {
                view.predict(store.change(), stored);
                boolean byUid = store.messages().kind() == NumberSet.Kind.UID;
                var news = view.refresh(
                        Expunges.HELD, byUid, shown(store, uids.without(stored.modified()), stored, session));
                yield new Reply.Whole(news, outcome(byUid, selection.get(), stored, view));
            }
            case FolderGone _ -> Targets.sourceGone();
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
        };
    }

    /** One flag that may be changed is enough: clients handle NO badly (RFC 4314 §4). */
    private static boolean isAnyAllowed(FlagChange change, Rights rights) {
        return switch (change.mode()) {
            case REPLACE -> rights.hasAny(Right.SEEN, Right.WRITE, Right.MARK_DELETED);
            case ADD, REMOVE ->
                change.flags().isEmpty() || !rights.among(change.flags()).isEmpty();
        };
    }

    /** @param done all that now have what was asked for, whether or not they had it before */
    private static Shown shown(Store store, UidSet done, Stored stored, ImapSession session) {
        if (!store.silent()) {
            return new Shown(done, UidSet.empty());
        }
        if (store.unchangedSince().isPresent()) {
            return new Shown(UidSet.empty(), done);
        }
        return session.features().has(Feature.CONDSTORE) ? new Shown(UidSet.empty(), stored.changed()) : Shown.NOTHING;
    }

    /** A number whose message is gone: the others are changed, and the client should ask for the news (RFC 2180 §4.2.1). */
    private static Tagged outcome(boolean byUid, Selection selection, Stored stored, FolderView view) {
        boolean anyGone = !byUid && view.isAnyGone(selection);
        if (!stored.modified().isEmpty()) {
            var numbers = byUid ? stored.modified() : view.numbers(stored.modified());
            var code = new Code.Modified(numbers);
            return anyGone
                    ? Tagged.no(code, "Some of these messages changed meanwhile, some are gone")
                    : Tagged.ok(code, "Some of these messages changed meanwhile");
        }
        return anyGone
                ? Tagged.no(Code.Plain.EXPUNGEISSUED, "Some of these messages are gone")
                : Tagged.ok("STORE completed");
    }
}
