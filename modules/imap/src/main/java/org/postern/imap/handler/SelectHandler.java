package org.postern.imap.handler;

import java.util.ArrayList;
import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Select;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;

/** SELECT and EXAMINE (RFC 3501 §6.3.1, §6.3.2). */
public final class SelectHandler implements Handler<Select> {
    private final FolderTree folders;
    private final FolderStore messages;
    private final FolderFeed feed;

    public SelectHandler(FolderTree folders, FolderStore messages, FolderFeed feed) {
        this.folders = folders;
        this.messages = messages;
        this.feed = feed;
    }

    @Override
    public Reply handle(Select select, ImapSession session) {
        session.unselect(); // Also when the new one cannot be selected (§6.3.1).
        var folder = folders.find(session.access().mailbox(), select.folder());
        if (folder.isEmpty()) {
            return Reply.no(Code.Plain.NONEXISTENT, "No such folder");
        }
        var watch = feed.watch(folder.get().id(), session.connection()::wake);
        FolderView view;
        try {
            view = select.readOnly()
                    ? FolderView.readOnly(
                            select.folder(),
                            watch,
                            recent(folders.status(folder.get().id())))
                    : FolderView.readWrite(select.folder(), watch, messages);
        } catch (RuntimeException e) {
            watch.close();
            throw e;
        }
        session.select(view);
        return described(view);
    }

    private static long recent(Optional<FolderStatus> status) {
        return status.map(FolderStatus::recent).orElse(0L);
    }

    private static Reply described(FolderView view) {
        var told = view.told();
        var untagged = new ArrayList<Untagged>();
        untagged.add(new Untagged.DefinedFlags(view.definedFlags()));
        untagged.add(new Untagged.Note(Tagged.ok(view.permanentFlags(), "Flags permitted")));
        untagged.add(new Untagged.Exists(told.size()));
        untagged.add(new Untagged.Recent(view.recentCount()));
        int unseen = told.firstUnseen();
        if (unseen >= 0) {
            untagged.add(new Untagged.Note(Tagged.ok(new Code.Unseen(unseen + 1), "First unseen")));
        }
        untagged.add(new Untagged.Note(Tagged.ok(new Code.UidValidity(told.uidValidity()), "UIDs valid")));
        untagged.add(new Untagged.Note(Tagged.ok(new Code.UidNext(told.uidNext()), "Predicted next UID")));
        return new Reply.Whole(
                untagged,
                view.isReadOnly()
                        ? Tagged.ok(Code.Plain.READ_ONLY, "EXAMINE completed")
                        : Tagged.ok(Code.Plain.READ_WRITE, "SELECT completed"));
    }
}
