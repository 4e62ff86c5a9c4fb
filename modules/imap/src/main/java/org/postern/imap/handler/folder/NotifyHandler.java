package org.postern.imap.handler.folder;

import java.io.IOException;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Notify;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;

/** NOTIFY: what was not told yet of the selected folder comes first, as behind a NOOP (RFC 5465 §3.1). */
public final class NotifyHandler implements Handler<Notify> {
    private final int maxFolders;

    public NotifyHandler(ImapLimits limits) {
        this.maxFolders = limits.watchedFolders();
    }

    @Override
    public Reply handle(Notify notify, ImapSession session) throws IOException {
        if (notify.groups().isEmpty()) {
            session.notifications().none();
            return Reply.ok("NOTIFY completed");
        }
        if (!session.tellAllNews()) {
            return Reply.no("The selected folder was deleted");
        }
        var statuses = session.notifications().set(notify, session.access().mailbox());
        return statuses.isPresent()
                ? Reply.ok(statuses.get(), "NOTIFY completed")
                : Reply.no(Code.Plain.NOTIFICATIONOVERFLOW, "At most " + maxFolders + " folders are watched at once");
    }
}
