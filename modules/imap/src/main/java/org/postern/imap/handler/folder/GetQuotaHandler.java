package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetQuota;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;

/** GETQUOTA (RFC 9208 §4.1.1). */
public final class GetQuotaHandler implements Handler<GetQuota> {
    private final Quotas quotas;

    public GetQuotaHandler(Quotas quotas) {
        this.quotas = quotas;
    }

    @Override
    public Reply handle(GetQuota quota, ImapSession session) {
        var owner = quotas.ownerOf(quota.root(), session.access());
        return owner.isPresent()
                ? Reply.ok(List.of(quotas.of(quota.root(), owner.get(), session.access())), "GETQUOTA completed")
                : Reply.no(Code.Plain.NONEXISTENT, "No such quota root");
    }
}
