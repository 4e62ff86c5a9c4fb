package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetQuota;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.FolderTree;

/** GETQUOTA of the one root there is (RFC 9208 §4.1.1). */
public final class GetQuotaHandler implements Handler<GetQuota> {
    private final FolderTree folders;

    public GetQuotaHandler(FolderTree folders) {
        this.folders = folders;
    }

    @Override
    public Reply handle(GetQuota quota, ImapSession session) {
        return quota.root().isEmpty()
                ? Reply.ok(List.of(Quotas.of(session.access(), folders)), "GETQUOTA completed")
                : Reply.no(Code.Plain.NONEXISTENT, "No such quota root");
    }
}
