package org.postern.mailstore;

import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/** What POP3 sees of an INBOX: all messages but those it has removed and the mailbox keeps for IMAP. */
public final class Pop3View {
    private final Database database;
    private final FolderStore folders;

    public Pop3View(Database database, FolderStore folders) {
        this.database = database;
        this.folders = folders;
    }

    /** The messages that POP3 has removed and IMAP still shows. */
    public UidSet hidden(FolderId inbox) {
        return database.once(
                tx -> tx.one("""
                SELECT coalesce(range_agg(int8range(uid, uid, '[]')), '{}')
                  FROM message WHERE mailbox_id = ? AND folder_id = ? AND NOT in_pop3
                """, row -> row.uidSet(1), inbox.mailbox().value(), inbox.id()));
    }

    /**
     * Removes messages: from this view alone where the mailbox keeps a copy of what POP3 removes, else for good. All of them
     * or none; those that are gone already are gone as wished.
     */
    public void remove(FolderId inbox, UidSet uids) {
        boolean hid = database.once(tx -> tx.one(
                "SELECT hide_from_pop3(?, ?, ?::int8multirange)",
                row -> row.bool(1),
                inbox.mailbox().value(),
                inbox.id(),
                Multirange.of(uids)));
        if (!hid) {
            folders.remove(inbox, uids);
        }
    }
}
