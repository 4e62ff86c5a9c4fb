package org.postern.mailstore;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import org.postern.database.Database;
import org.postern.mime.MessageBytes;
import org.postern.model.ContentId;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** Reads the bytes of messages and what was parsed of them, in bounded memory and without holding a transaction. */
public final class Contents {
    /** What of a header is kept apart from the body, ready to be read with many others. */
    public static final int MAX_HEADER_BYTES = 256 * 1024;

    public Contents(Database database) {}

    /**
     * Reads parts of many messages in few round trips and hands them over by ascending UID; messages that are not in
     * the folder any more are left out.
     *
     * @throws IOException what {@code consumer} throws
     */
    public void messages(FolderId folder, UidSet uids, Set<ContentPart> parts, MessageConsumer consumer)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Writes bytes of one message, as it came: header, then body; less than {@code length} where it ends before.
     *
     * @return whether the message is in the folder
     */
    public boolean stream(FolderId folder, Uid uid, long from, long length, OutputStream out) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** As above, by the content that a snapshot names: works for hours after the message was expunged. */
    public boolean stream(MailboxId mailbox, ContentId content, long from, long length, OutputStream out)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The message as bytes to be read by range, one slice in memory at a time; for {@code SearchText} and the like. */
    public MessageBytes bytes(MailboxId mailbox, ContentId content, long size) {
        throw new UnsupportedOperationException();
    }
}
