package org.postern.mailstore;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SpecialUse;

/** The folders of a mailbox by name (RFC 9051 §6.3.4 to §6.3.11); every change locks the mailbox row first. */
public final class FolderTree {
    /** The most folders that a mailbox may have. */
    public static final int MAX_FOLDERS = 10_000;
    /** The most names that a mailbox may be subscribed to. */
    public static final int MAX_SUBSCRIPTIONS = 20_000;

    public FolderTree(Database database, FolderFeed feed) {}

    /** All folders, by name. */
    public List<FolderEntry> list(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    public Optional<FolderEntry> find(MailboxId mailbox, FolderName name) {
        throw new UnsupportedOperationException();
    }

    /** Creates the folder and those above it that are missing (RFC 9051 §6.3.4). */
    public CreateOutcome create(MailboxId mailbox, FolderName name, Optional<SpecialUse> use) {
        throw new UnsupportedOperationException();
    }

    public DeleteOutcome delete(MailboxId mailbox, FolderName name) {
        throw new UnsupportedOperationException();
    }

    /** Renames the folder and all below it; of INBOX, moves its messages to a new folder (RFC 9051 §6.3.6). */
    public RenameOutcome rename(MailboxId mailbox, FolderName from, FolderName to) {
        throw new UnsupportedOperationException();
    }

    /** @return false when the mailbox has {@value #MAX_SUBSCRIPTIONS} subscriptions already */
    public boolean subscribe(MailboxId mailbox, FolderName name) {
        throw new UnsupportedOperationException();
    }

    public void unsubscribe(MailboxId mailbox, FolderName name) {
        throw new UnsupportedOperationException();
    }

    /** All subscribed names, whether or not there is such a folder. */
    public List<FolderName> subscriptions(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }

    /** INBOX, Drafts, Sent, Junk, Trash and Archive, with special use, subscribed; in the caller's transaction. */
    public void createStandard(Tx tx, MailboxId mailbox) throws SQLException {
        throw new UnsupportedOperationException();
    }

    /** The counters; empty when the folder was deleted. */
    public Optional<FolderStatus> status(FolderId folder) {
        throw new UnsupportedOperationException();
    }

    /** The counters of all the mailbox's folders in one round trip (RFC 5819). */
    public List<FolderStatus> statuses(MailboxId mailbox) {
        throw new UnsupportedOperationException();
    }
}
