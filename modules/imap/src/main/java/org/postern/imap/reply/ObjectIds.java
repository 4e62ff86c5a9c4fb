package org.postern.imap.reply;

import org.postern.model.ContentId;
import org.postern.model.FolderId;

/** What OBJECTID calls folders and messages: never changed, never used again (RFC 8474 §4, §5). */
public final class ObjectIds {
    private ObjectIds() {}

    /** {@code MAILBOXID}; with the mailbox's own id, for folders may come to be shared. */
    public static String of(FolderId folder) {
        return "F" + folder.mailbox().value() + '-' + folder.id();
    }

    /** {@code EMAILID}. */
    public static String of(ContentId content) {
        return "M" + content.value();
    }
}
