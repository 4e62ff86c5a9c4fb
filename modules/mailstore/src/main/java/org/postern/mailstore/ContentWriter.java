package org.postern.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.mime.MessageCodec;
import org.postern.model.MailboxId;

/**
 * Writes large contents in their own transaction, before any folder is locked.
 *
 * <p>Each is noted in {@code content_orphan} in the same transaction: should no message follow, the sweep finds it there; and in
 * {@code search_todo}, for the search index.
 */
final class ContentWriter {
    /** Of a large body: a row with so many fills a page of 8 KiB. */
    static final int PIECE_BYTES = 8112;
    /** Those of one COPY fit in the ring of buffers, 16 MiB, that PostgreSQL gives it: it would write what passes out of them. */
    private static final int PIECES_OF_COPY = 1900;
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
        var inRow = bodyBytes > FolderStore.LARGE_BYTES ? Optional.<byte[]>empty() : Optional.of(body(message));
        try {
            return database.transact(tx -> {
                long content = tx.one(
                        INSERT,
                        row -> row.longValue(1),
                        mailbox.value(),
                        message.bytes().size(),
                        header,
                        envelope,
                        structure,
                        storable(parsed.preview()),
                        inRow);
                if (inRow.isEmpty()) {
                    // Opened here: the work may run twice.
                    try (var body = message.bytes().open(header.length, bodyBytes)) {
                        pieces(tx, mailbox.value(), content, body, bodyBytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
                return content;
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void pieces(Tx tx, long mailbox, long content, InputStream body, long bytes)
            throws SQLException, IOException {
        int pieces = Math.toIntExact(Math.ceilDiv(bytes, PIECE_BYTES));
        for (int from = 0; from < pieces; from += PIECES_OF_COPY) {
            int first = from;
            int end = Math.min(pieces, from + PIECES_OF_COPY);
            tx.copy("content_piece (mailbox_id, content_id, piece, bytes)", rows -> {
                for (int piece = first; piece < end; piece++) {
                    int length = (int) Math.min(PIECE_BYTES, bytes - (long) piece * PIECE_BYTES);
                    rows.row(4).int8(mailbox).int8(content).int4(piece).bytea(body, length);
                }
            });
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
