package org.postern.mailstore;

import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/** What POP3 sees of an INBOX: all messages but those it has removed and the mailbox keeps for IMAP, each with its UIDL. */
public final class Pop3View {
    private final Database database;
    private final FolderStore folders;

    public Pop3View(Database database, FolderStore folders) {
        this.database = database;
        this.folders = folders;
    }

    /** What is to be known before the INBOX is shown; one round trip. */
    public Pop3Marks marks(FolderId inbox) {
        long mailbox = inbox.mailbox().value();
        return database.once(tx -> tx.one(
                """
                SELECT (SELECT coalesce(range_agg(int8range(uid, uid, '[]')), '{}')
                          FROM message WHERE mailbox_id = ? AND folder_id = ? AND NOT in_pop3),
                       coalesce(array_agg(p.uid ORDER BY p.uid), '{}'), coalesce(array_agg(p.uidl ORDER BY p.uid), '{}')
                  FROM pop3_uidl p WHERE p.mailbox_id = ? AND p.folder_id = ?""",
                row -> new Pop3Marks(row.uidSet(1), row.longs(2), row.texts(3)),
                mailbox,
                inbox.id(),
                mailbox,
                inbox.id()));
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
