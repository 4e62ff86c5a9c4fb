package org.postern.imap.handler.folder;

import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.GetQuotaRoot;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.Right;

/** GETQUOTAROOT: every folder counts against the whole mailbox of its owner (RFC 9208 §4.1.2). */
public final class GetQuotaRootHandler implements Handler<GetQuotaRoot> {
    private final VisibleFolders visible;
    private final Quotas quotas;

    public GetQuotaRootHandler(VisibleFolders visible, Quotas quotas) {
        this.visible = visible;
        this.quotas = quotas;
    }

    @Override
    public Reply handle(GetQuotaRoot quota, ImapSession session) {
        return switch (visible.seek(session.access().mailbox(), quota.folder(), Right.READ)) {
            case Found<VisibleFolder>(var folder) -> {
                var root = quotas.rootOf(folder, session.access());
                yield Reply.ok(
                        List.of(
                                new Untagged.QuotaRoot(quota.folder(), root),
                                quotas.of(root, folder.owner(), session.access())),
                        "GETQUOTAROOT completed");
            }
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }
}
