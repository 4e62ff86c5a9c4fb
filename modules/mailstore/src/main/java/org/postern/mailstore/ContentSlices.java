package org.postern.mailstore;

import java.util.Optional;
import org.postern.database.Database;
import org.postern.model.ContentId;
import org.postern.model.MailboxId;

/** Reads parts of contents: header and body are one run of bytes, wherever the body is kept. */
final class ContentSlices {
    /**
     * PostgreSQL cuts a slice of a value, and reads only the pages it lies in. Pieces are joined there: as rows of their own they took
     * the driver a third longer.
     */
    private static final String READ = """
            SELECT c.size,
                   CASE WHEN a.body_from > 0 OR a.from_byte = octet_length(c.header) THEN b.bytes
                        WHEN a.body_bytes <= 0 THEN substring(c.header FROM a.from_byte::int + 1 FOR a.bytes)
                        ELSE substring(c.header FROM a.from_byte::int + 1) || b.bytes END
              FROM content c,
                   LATERAL (SELECT least(?::bigint, c.size) AS from_byte, ?::int AS bytes) w,
                   LATERAL (SELECT w.from_byte, w.bytes, greatest(w.from_byte - octet_length(c.header), 0) AS body_from,
                                   least(w.bytes, w.from_byte + w.bytes - octet_length(c.header)) AS body_bytes) a,
                   LATERAL (SELECT CASE WHEN c.body IS NOT NULL
                                        THEN substring(c.body FROM a.body_from::int + 1 FOR a.body_bytes::int)
                                        ELSE coalesce((
                                             SELECT substring(string_agg(p.bytes, '' ORDER BY p.piece)
                                                              FROM (a.body_from %% %1$d)::int + 1 FOR a.body_bytes::int)
                                               FROM content_piece p
                                              WHERE p.mailbox_id = c.mailbox_id AND p.content_id = c.content_id
                                                AND p.piece >= a.body_from / %1$d
                                                AND p.piece <= (a.body_from + a.body_bytes - 1) / %1$d), '') END AS bytes) b
             WHERE c.mailbox_id = ? AND c.content_id = ?""".formatted(ContentWriter.PIECE_BYTES);

    private final Database database;

    ContentSlices(Database database) {
        this.database = database;
    }

    /** @param size of the whole message */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    record Slice(long size, byte[] bytes) {}

    /** One round trip; fewer bytes than {@code length} where the message ends before. */
    Optional<Slice> read(MailboxId mailbox, ContentId content, long from, int length) {
        return database.once(tx -> tx.first(
                READ,
                row -> new Slice(row.longValue(1), row.bytes(2)),
                from,
                length,
                mailbox.value(),
                content.value()));
    }
}
