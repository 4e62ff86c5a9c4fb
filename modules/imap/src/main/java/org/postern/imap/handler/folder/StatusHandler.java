package org.postern.imap.handler.folder;

import java.util.List;
import java.util.Optional;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Status;
import org.postern.imap.command.StatusItem;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderStatus;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** STATUS (RFC 3501 §6.3.10), SIZE (RFC 8438), HIGHESTMODSEQ (RFC 7162 §3.1.7), APPENDLIMIT (RFC 7889 §3.3). */
public final class StatusHandler implements Handler<Status> {
    private final VisibleFolders visible;
    private final FolderTree folders;

    public StatusHandler(VisibleFolders visible, FolderTree folders) {
        this.visible = visible;
        this.folders = folders;
    }

    @Override
    public Reply handle(Status status, ImapSession session) {
        return switch (visible.seek(session.access().mailbox(), status.folder(), Right.READ)) {
            case Found<VisibleFolder>(var folder) -> told(status, folders.status(folder.id()), session);
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }

    private Reply told(Status status, Optional<FolderStatus> found, ImapSession session) {
        if (found.isEmpty()) {
            return Targets.unknown();
        }
        if (status.items().contains(StatusItem.HIGHESTMODSEQ)) {
            session.features().enable(Feature.CONDSTORE); // RFC 7162 §3.1.
        }
        var items = FolderCounters.of(
                status.items(), found.get(), folders, session.access().plan().maxMessageBytes());
        return Reply.ok(List.of(new Untagged.Status(status.folder(), items)), "STATUS completed");
    }
}
