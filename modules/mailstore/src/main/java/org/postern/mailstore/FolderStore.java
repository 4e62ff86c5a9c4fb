package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.FlagChange;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** Changes of the messages of folders; each is one short transaction, and watchers hear of it after the commit. */
public final class FolderStore {
    /** Contents over this size are written, in their own transaction, before a folder is locked. */
    public static final int LARGE_BYTES = 256 * 1024;
    /** The most different keywords that one folder may ever have had. */
    public static final int MAX_FOLDER_KEYWORDS = 250;

    public FolderStore(Database database, FolderFeed feed) {}

    /**
     * APPEND: all messages are stored, or none (RFC 9051 §6.3.12, RFC 3502).
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    public AppendOutcome append(MailboxId mailbox, FolderName folder, List<NewMessage> messages, StorageLimit limit)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** COPY: all that are there, or none; contents are shared, not copied (RFC 9051 §6.4.7). */
    public CopyOutcome copy(FolderId source, UidSet uids, FolderName target, StorageLimit limit) {
        throw new UnsupportedOperationException();
    }

    /** MOVE: one transaction (RFC 6851 §3.3). */
    public MoveOutcome move(FolderId source, UidSet uids, FolderName target) {
        throw new UnsupportedOperationException();
    }

    /** STORE: one statement, however many messages; a message that has those flags already is not touched. */
    public StoreOutcome store(FolderId folder, UidSet uids, FlagChange change, Optional<Modseq> unchangedSince) {
        throw new UnsupportedOperationException();
    }

    /** EXPUNGE: removes the messages with {@code \Deleted}, all of them or of those in {@code only}. */
    public ExpungeOutcome expunge(FolderId folder, Optional<UidSet> only) {
        throw new UnsupportedOperationException();
    }

    /** Removes messages whatever their flags: POP3's DELE (RFC 1939 §6). */
    public ExpungeOutcome remove(FolderId folder, UidSet uids) {
        throw new UnsupportedOperationException();
    }

    /** SELECT: takes what is {@code \Recent} for this session: the first such UID, if there is any (RFC 3501 §2.3.2). */
    public OptionalLong claimRecent(FolderId folder) {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes the large contents of parcels, before the transaction that {@linkplain #deliver delivers} them.
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    public PreparedParcels prepare(List<Parcel> parcels) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Delivers to each INBOX that can be locked at once, in the caller's transaction, which should end soon after and
     * may take locks of sending usage, but none of folders, afterwards.
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    public DeliverOutcome deliver(Tx tx, PreparedParcels parcels) throws SQLException, IOException {
        throw new UnsupportedOperationException();
    }
}
