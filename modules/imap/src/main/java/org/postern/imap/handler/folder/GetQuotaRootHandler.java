package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetQuotaRoot;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderTree;

/** GETQUOTAROOT: every folder counts against the whole mailbox (RFC 9208 §4.1.2). */
public final class GetQuotaRootHandler implements Handler<GetQuotaRoot> {
    private final FolderTree folders;

    public GetQuotaRootHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(GetQuotaRoot quota, ImapSession session) {
        var access = session.access();
        if (folders.find(access.mailbox(), quota.folder()).isEmpty()) {
            return Reply.no(Code.Plain.NONEXISTENT, "No such folder");
        }
        return Reply.ok(
                List.of(new Untagged.QuotaRoot(quota.folder()), Quotas.of(access, folders)), "GETQUOTAROOT completed");
    }
}
