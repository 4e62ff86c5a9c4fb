package org.postern.delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.database.TxWork;
import org.postern.mailstore.FolderStore;
import org.postern.mime.bytes.MessageBytes;

/**
 * The bytes of a message that is being accepted, on their way into the queue. A large body is never written while locks are held, and
 * that the queue needs it may show only in the accepting transaction: then that begins anew, with the bytes written before.
 */
final class ContentAhead {
    private final Database database;
    private final Queue queue;
    private final MessageBytes bytes;
    private OptionalLong written = OptionalLong.empty();

    ContentAhead(Database database, Queue queue, MessageBytes bytes) {
        this.database = database;
        this.queue = queue;
        this.bytes = bytes;
    }

    /**
     * The accepting transaction.
     *
     * @param isNeeded whether the queue will need the content, as far as is known before
     * @throws IOException when the message's bytes cannot be read
     */
    <T> T accept(boolean isNeeded, TxWork<T> acceptance) throws IOException {
        try {
            if (isNeeded && isLarge()) {
                write();
            }
            while (true) {
                try {
                    return database.transact(acceptance);
                } catch (Needed needed) {
                    write();
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** In that transaction: the content is in the queue, under this id. */
    long queued(Tx tx) throws SQLException {
        if (written.isPresent()) {
            return written.getAsLong();
        }
        if (isLarge()) {
            throw new Needed();
        }
        return add(tx);
    }

    /** The queue has no use for it. */
    void drop() {
        written.ifPresent(id -> database.transact(tx -> {
            queue.dropContent(tx, id);
            return true;
        }));
    }

    private boolean isLarge() {
        return bytes.size() > FolderStore.LARGE_BYTES;
    }

    private void write() {
        written = OptionalLong.of(database.transact(this::add));
    }

    private long add(Tx tx) throws SQLException {
        try {
            long id = queue.newId(tx);
            queue.addContent(tx, id, bytes);
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Rolls the transaction back: a large message turns out to need the queue, so its bytes go there first. */
    private static final class Needed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Needed() {
            super("the queue needs the content", null, false, false);
        }
    }
}
