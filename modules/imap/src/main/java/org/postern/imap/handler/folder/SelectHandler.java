package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.imap.Feature;
import org.postern.imap.Features;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Select;
import org.postern.imap.command.Resync;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Changes;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.model.FolderId;

/** SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2); QRESYNC resynchronises right away (RFC 7162 §3.2.5). */
public final class SelectHandler implements Handler<Select> {
    private final FolderTree folders;
    private final FolderStore messages;
    private final FolderFeed feed;
    private final Changes changes;

    public SelectHandler(FolderTree folders, FolderStore messages, FolderFeed feed) {
        this.folders = folders;
        this.messages = messages;
        this.feed = feed;
        this.changes = new Changes(messages);
    }

    @Override
    public Reply handle(Select select, ImapSession session) {
        if (select.resync().isPresent() && !session.features().has(Feature.QRESYNC)) {
            return Reply.bad("The parameter QRESYNC needs ENABLE QRESYNC");
        }
        if (session.features().has(Feature.UIDONLY)
                && select.resync().flatMap(Resync::anchors).isPresent()) {
            return Targets.uidRequired();
        }
        var untagged = new ArrayList<Untagged>();
        if (session.selectedIfAny().isPresent()) {
            // What comes behind this is of the new folder (RFC 7162 §3.2.11).
            untagged.add(new Untagged.Note(Tagged.ok(Code.Plain.CLOSED, "The folder before is closed")));
        }
        session.unselect(); // Also when the new one cannot be selected (§6.3.1).
        if (select.condstore()) {
            session.features().enable(Feature.CONDSTORE);
        }
        var folder = folders.find(session.access().mailbox(), select.folder());
        if (folder.isEmpty()) {
            return new Reply.Whole(untagged, Tagged.no(Code.Plain.NONEXISTENT, "No such folder"));
        }
        var view = opened(select, folder.get().id(), session);
        session.select(view);
        describe(view, folder.get(), session.features(), untagged);
        return new Reply.Streamed(to -> {
            for (var response : untagged) {
                to.send(response);
            }
            if (select.resync().isPresent()) {
                changes.tell(select.resync().get(), view, to);
            }
            return view.isReadOnly()
                    ? Tagged.ok(Code.Plain.READ_ONLY, "EXAMINE completed")
                    : Tagged.ok(Code.Plain.READ_WRITE, "SELECT completed");
        });
    }

    private FolderView opened(Select select, FolderId folder, ImapSession session) {
        var watch = feed.watch(folder, session.connection()::wake);
        try {
            return select.readOnly()
                    ? FolderView.readOnly(select.folder(), watch, session.features(), recent(folders.status(folder)))
                    : FolderView.readWrite(select.folder(), watch, session.features(), messages);
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private static long recent(Optional<FolderStatus> status) {
        return status.map(FolderStatus::recent).orElse(0L);
    }

    /** Rev2 has LIST in place of RECENT and UNSEEN (RFC 9051 §6.3.2, appendix E). */
    private static void describe(FolderView view, FolderEntry folder, Features features, List<Untagged> untagged) {
        var told = view.told();
        untagged.add(new Untagged.DefinedFlags(view.definedFlags()));
        untagged.add(new Untagged.Note(Tagged.ok(view.permanentFlags(), "Flags permitted")));
        untagged.add(new Untagged.Exists(told.size()));
        if (features.has(Feature.IMAP4REV2)) {
            untagged.add(new Untagged.Folder(false, folder.name().value(), List.of(), folder.use(), List.of()));
        } else {
            untagged.add(new Untagged.Recent(view.recentCount()));
            int unseen = told.firstUnseen();
            if (unseen >= 0 && !features.has(Feature.UIDONLY)) {
                untagged.add(new Untagged.Note(Tagged.ok(new Code.Unseen(unseen + 1), "First unseen")));
            }
        }
        untagged.add(new Untagged.Note(Tagged.ok(new Code.UidValidity(told.uidValidity()), "UIDs valid")));
        untagged.add(new Untagged.Note(Tagged.ok(new Code.UidNext(told.uidNext()), "Predicted next UID")));
        untagged.add(new Untagged.Note(Tagged.ok(new Code.MailboxId(view.folder()), "Its id")));
        untagged.add(new Untagged.Note(Tagged.ok(new Code.HighestModseq(told.modseq()), "Highest mod-sequence")));
    }
}
