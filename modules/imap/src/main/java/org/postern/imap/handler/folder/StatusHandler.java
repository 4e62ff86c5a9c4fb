package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Status;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderTree;

/** STATUS (RFC 3501 §6.3.10), SIZE (RFC 8438), HIGHESTMODSEQ (RFC 7162 §3.1.7), APPENDLIMIT (RFC 7889 §3.3). */
public final class StatusHandler implements Handler<Status> {
    private final FolderTree folders;

    public StatusHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(Status status, ImapSession session) {
        var access = session.access();
        var found = folders.find(access.mailbox(), status.folder())
                .map(FolderEntry::id)
                .flatMap(folders::status);
        if (found.isEmpty()) {
            return Reply.no(Code.Plain.NONEXISTENT, "No such folder");
        }
        if (status.items().contains(StatusItem.HIGHESTMODSEQ)) {
            session.features().enable(Feature.CONDSTORE); // RFC 7162 §3.1.
        }
        var items = FolderCounters.of(
                status.items(), found.get(), folders, access.plan().maxMessageBytes());
        return Reply.ok(List.of(new Untagged.Status(status.folder(), items)), "STATUS completed");
    }
}
