package org.postern.mailstore;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.postern.database.ByteStream;
import org.postern.database.Database;
import org.postern.mime.MessageCodec;
import org.postern.model.MailboxId;

/**
 * Writes large contents in their own transaction, before any folder is locked.
 *
 * <p>Each is noted in {@code content_orphan} in the same transaction: should no message follow, the sweep finds it there; and in
 * {@code search_todo}, for the search index.
 */
final class ContentWriter {
    /** Its commit does not wait for the disk: that of the message which follows does, and the log has an order. */
    private static final String INSERT = """
            WITH fresh AS MATERIALIZED (
                SELECT ?::bigint AS mailbox_id, nextval('content_id') AS content_id, set_config('synchronous_commit', 'off', true)),
            unread AS (INSERT INTO search_todo (mailbox_id, content_id) SELECT mailbox_id, content_id FROM fresh),
            orphan AS (INSERT INTO content_orphan (mailbox_id, content_id) SELECT mailbox_id, content_id FROM fresh)
            INSERT INTO content (mailbox_id, content_id, size, header, envelope, structure, preview, body)
            SELECT mailbox_id, content_id, ?, ?, ?, ?, ?, ? FROM fresh
            RETURNING content_id""";

    private final Database database;

    ContentWriter(Database database) {
        this.database = database;
    }

    /** How many bytes of a message go to {@code content.header}; the rest goes to {@code content.body}. */
    static int headerBytes(NewMessage message) {
        return Math.min(message.parsed().headerSize(), Contents.MAX_HEADER_BYTES);
    }

    static byte[] header(NewMessage message) throws IOException {
        return bytes(message, 0, headerBytes(message));
    }

    static byte[] body(NewMessage message) throws IOException {
        int header = headerBytes(message);
        return bytes(message, header, message.bytes().size() - header);
    }

    /** @return the content's id */
    long write(MailboxId mailbox, NewMessage message) throws IOException {
        var parsed = message.parsed();
        var header = header(message);
        var envelope = MessageCodec.encode(parsed.envelope());
        var structure = MessageCodec.encode(parsed.structure());
        long bodyBytes = message.bytes().size() - header.length;
        try {
            return database.transact(tx -> {
                // Opened here: the work may run twice.
                try (var body = message.bytes().open(header.length, bodyBytes)) {
                    return tx.one(
                            INSERT,
                            row -> row.longValue(1),
                            mailbox.value(),
                            message.bytes().size(),
                            header,
                            envelope,
                            structure,
                            storable(parsed.preview()),
                            new ByteStream(body, bodyBytes));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** PostgreSQL's text has no NUL. */
    static String storable(String text) {
        return text.indexOf(0) < 0 ? text : text.replace('\0', ' ');
    }

    private static byte[] bytes(NewMessage message, long from, long length) throws IOException {
        try (var in = message.bytes().open(from, length)) {
            var bytes = in.readNBytes((int) length);
            if (bytes.length != length) {
                throw new IOException("message ends at " + (from + bytes.length) + " of " + (from + length));
            }
            return bytes;
        }
    }
}
