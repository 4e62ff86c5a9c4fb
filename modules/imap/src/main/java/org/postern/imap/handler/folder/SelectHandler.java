package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
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
import org.postern.imap.view.Place;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2); QRESYNC resynchronises right away (RFC 7162 §3.2.5). */
public final class SelectHandler implements Handler<Select> {
    private final VisibleFolders visible;
    private final FolderTree folders;
    private final FolderFeed feed;
    private final Changes changes;

    public SelectHandler(VisibleFolders visible, FolderTree folders, FolderStore messages, FolderFeed feed) {
        this.visible = visible;
        this.folders = folders;
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
        return switch (visible.seek(session.access().mailbox(), select.folder(), Right.READ)) {
            case Found<VisibleFolder>(var folder) -> selected(select, folder, untagged, session);
            case Forbidden<VisibleFolder> _ -> Targets.forbidden().behind(untagged);
            case Missing<VisibleFolder> _ -> Targets.unknown().behind(untagged);
        };
    }

    private Reply selected(Select select, VisibleFolder folder, List<Untagged> untagged, ImapSession session) {
        var view = opened(select, folder, session);
        session.select(view);
        describe(view, folder, session.features(), untagged);
        return new Reply.Streamed(to -> {
            for (var response : untagged) {
                to.send(response);
            }
            if (select.resync().isPresent()) {
                changes.tell(select.resync().get(), view, to);
            }
            return view.isReadOnly()
                    ? Tagged.ok(Code.Plain.READ_ONLY, select.readOnly() ? "EXAMINE completed" : "SELECT completed")
                    : Tagged.ok(Code.Plain.READ_WRITE, "SELECT completed");
        });
    }

    private FolderView opened(Select select, VisibleFolder folder, ImapSession session) {
        var viewer = session.access().mailbox();
        Runnable wake = session.connection()::wake;
        var watch = folder.owner().equals(viewer)
                ? feed.watch(folder.entry(), wake)
                : feed.watchShared(folder.entry(), wake); // Who may read it no longer is told so at once.
        try {
            var place = new Place(select.folder(), folder.rights(), () -> visible.rights(viewer, folder.id()));
            return select.readOnly()
                    ? FolderView.readOnly(place, watch, session.features(), recent(folder.entry()))
                    : FolderView.readWrite(place, watch, session.features());
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
    }

    private long recent(FolderEntry folder) {
        return folder.state().hasRecent()
                ? folders.status(folder.id()).map(FolderStatus::recent).orElse(0L)
                : 0;
    }

    /** Rev2 has LIST in place of RECENT and UNSEEN (RFC 9051 §6.3.2, appendix E). */
    private static void describe(FolderView view, VisibleFolder folder, Features features, List<Untagged> untagged) {
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
