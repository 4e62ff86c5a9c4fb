package org.postern.imap.handler.folder;

import java.util.ArrayList;
import org.postern.accounts.Access;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.QuotaResource;
import org.postern.mailstore.FolderTree;

/** What a mailbox holds and may hold, as QUOTA says it (RFC 9208 §5.1). */
final class Quotas {
    private static final int UNIT = 1024;

    private Quotas() {}

    /** Only resources with a limit are told. */
    static Untagged of(Access access, FolderTree folders) {
        var usage = folders.usage(access.mailbox());
        var limit = access.plan().storage();
        var resources = new ArrayList<QuotaResource>();
        // Rounded so that a mailbox that is full looks full.
        resources.add(new QuotaResource("STORAGE", Math.ceilDiv(usage.bytes(), UNIT), limit.bytes() / UNIT));
        limit.messages().ifPresent(most -> resources.add(new QuotaResource("MESSAGE", usage.messages(), most)));
        return new Untagged.Quota(resources);
    }
}
