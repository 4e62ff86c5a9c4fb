package org.postern.mailstore;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.ContentId;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** Reads the bytes of messages and what was parsed of them, in bounded memory and without holding a transaction. */
public final class Contents {
    /** What of a header is kept apart from the body, ready to be read with many others. */
    public static final int MAX_HEADER_BYTES = 256 * 1024;

    /** The largest body that comes along with others; larger ones are read in slices. */
    static final int SMALL_BODY_BYTES = 64 * 1024;
    /** One read of a large body. */
    static final int SLICE_BYTES = 256 * 1024;
    /** What one round trip brings: at most so many messages, and no more after so many bytes. */
    static final int BATCH_MESSAGES = 500;

    static final int BATCH_BYTES = 1024 * 1024;

    /** What is kept in memory of messages read lately, unless a node says otherwise. */
    public static final long DEFAULT_CACHE_BYTES = 64L << 20;

    private final Database database;
    private final PartsCache cache;
    private final ContentSlices slices;

    public Contents(Database database) {
        this(database, DEFAULT_CACHE_BYTES);
    }

    /** @param cacheBytes of envelopes, structures and headers read lately, in memory; 0 keeps none */
    public Contents(Database database, long cacheBytes) {
        this.database = database;
        this.cache = new PartsCache(cacheBytes);
        this.slices = new ContentSlices(database);
    }

    /**
     * As {@link #messages(FolderId, UidSet, Set, MessageConsumer)}, by the contents that a snapshot names: what was read lately
     * costs no round trip, and comes also of messages that were expunged since the snapshot.
     */
    public void messages(FolderSnapshot told, UidSet uids, Set<ContentPart> parts, MessageConsumer consumer)
            throws IOException {
        if (!PartsCache.keeps(parts)) {
            messages(told.folder(), uids, parts, consumer);
            return;
        }
        var sql = batchSql(parts);
        var left = after(uids, handOverKept(told, uids, parts, consumer));
        while (!left.isEmpty()) {
            var batch = batch(told.folder(), left, sql);
            if (batch.isEmpty()) {
                return;
            }
            for (var message : batch) {
                cache.keep(told.folder().mailbox(), message.content(), message.parts());
                consumer.accept(message);
            }
            left = after(left, batch.getLast().uid().value());
            left = after(left, handOverKept(told, left, parts, consumer));
        }
    }

    /** Those at the beginning that are at hand; returns the last UID of them, 0 when there is none. */
    private long handOverKept(FolderSnapshot told, UidSet uids, Set<ContentPart> parts, MessageConsumer consumer)
            throws IOException {
        var mailbox = told.folder().mailbox();
        long last = 0;
        for (var each = uids.stream().iterator(); each.hasNext(); ) {
            long uid = each.nextLong();
            int index = told.indexOf(uid);
            var content = index < 0 ? Optional.<ContentId>empty() : Optional.of(told.content(index));
            var found = content.flatMap(id -> cache.find(mailbox, id, parts));
            if (found.isEmpty()) {
                return last;
            }
            consumer.accept(new MessageContent(
                    this,
                    mailbox,
                    new Uid(uid),
                    content.get(),
                    told.size(index),
                    found.get(),
                    Optional.empty(),
                    Optional.empty()));
            last = uid;
        }
        return last;
    }

    private static UidSet after(UidSet uids, long last) {
        if (last == 0) {
            return uids;
        }
        return last == Uid.MAX ? UidSet.empty() : uids.intersection(UidSet.range(last + 1, Uid.MAX));
    }

    /**
     * Reads parts of many messages in few round trips and hands them over by ascending UID; messages that are not in
     * the folder any more are left out.
     *
     * @throws IOException what {@code consumer} throws
     */
    public void messages(FolderId folder, UidSet uids, Set<ContentPart> parts, MessageConsumer consumer)
            throws IOException {
        var sql = batchSql(parts);
        var left = uids;
        while (!left.isEmpty()) {
            var batch = batch(folder, left, sql);
            if (batch.isEmpty()) {
                return;
            }
            for (var message : batch) {
                consumer.accept(message);
            }
            left = after(left, batch.getLast().uid().value());
        }
    }

    /**
     * Writes bytes of one message, as it came: header, then body; less than {@code length} where it ends before.
     *
     * @return whether the message is in the folder
     */
    public boolean stream(FolderId folder, Uid uid, long from, long length, OutputStream out) throws IOException {
        var content = database.once(tx -> tx.first(
                "SELECT content_id FROM message WHERE mailbox_id = ? AND folder_id = ? AND uid = ?",
                row -> new ContentId(row.longValue(1)),
                folder.mailbox().value(),
                folder.id(),
                uid.value()));
        return content.isPresent() && stream(folder.mailbox(), content.get(), from, length, out);
    }

    /** As above, by the content that a snapshot names: works for hours after the message was expunged. */
    public boolean stream(MailboxId mailbox, ContentId content, long from, long length, OutputStream out)
            throws IOException {
        if (from < 0 || length < 0) {
            throw new IllegalArgumentException("from " + from + ", length " + length);
        }
        long at = from;
        long end = length > Long.MAX_VALUE - from ? Long.MAX_VALUE : from + length;
        while (true) {
            var slice = slices.read(mailbox, content, at, (int) Math.min(SLICE_BYTES, end - at));
            if (slice.isEmpty()) {
                if (at > from) {
                    throw new IOException("content " + content + " was swept while it was read");
                }
                return false;
            }
            out.write(slice.get().bytes());
            at += slice.get().bytes().length;
            if (at >= end || at >= slice.get().size()) {
                return true;
            }
        }
    }

    /**
     * Whole messages in one round trip, by the contents that a snapshot names; those that are swept, or larger than
     * {@link FolderStore#LARGE_BYTES}, are left out. All of them are in memory at once: how many is the caller's to bound.
     */
    public List<SmallMessage> whole(MailboxId mailbox, List<ContentId> contents) {
        return database.once(tx -> tx.list(
                """
                SELECT content_id, header, body
                  FROM content WHERE mailbox_id = ? AND content_id = ANY (?) AND body IS NOT NULL""",
                row -> new SmallMessage(new ContentId(row.longValue(1)), row.bytes(2), row.bytes(3)),
                mailbox.value(),
                contents.stream().mapToLong(ContentId::value).toArray()));
    }

    /** The message as bytes to be read by range, one slice in memory at a time; for {@code SearchText} and the like. */
    public MessageBytes bytes(MailboxId mailbox, ContentId content, long size) {
        return new StoredBytes(mailbox, content, size);
    }

    private List<MessageContent> batch(FolderId folder, UidSet uids, String sql) {
        return database.once(tx -> tx.list(
                sql,
                row -> new MessageContent(
                        this,
                        folder.mailbox(),
                        row.uid(1),
                        new ContentId(row.longValue(2)),
                        row.longValue(3),
                        ParsedParts.of(
                                row.optionalBytes(4), row.optionalBytes(5), row.optionalBytes(6), row.optionalText(7)),
                        row.optionalBytes(8),
                        row.optionalInstant(9)),
                Multirange.of(uids),
                folder.mailbox().value(),
                folder.id(),
                BATCH_MESSAGES,
                BATCH_BYTES));
    }

    /**
     * The messages of some UIDs, and no more once the bytes asked for pass a bound, though at least one. The lengths are known
     * without reading the values themselves.
     */
    static String batchSql(Set<ContentPart> parts) {
        boolean whole = parts.contains(ContentPart.BYTES);
        var header = parts.contains(ContentPart.HEADER) || whole ? "c.header" : "NULL::bytea";
        var envelope = parts.contains(ContentPart.ENVELOPE) ? "c.envelope" : "NULL::bytea";
        var structure = parts.contains(ContentPart.STRUCTURE) ? "c.structure" : "NULL::bytea";
        var preview = parts.contains(ContentPart.PREVIEW) ? "c.preview" : "NULL::text";
        var body = whole ? "CASE WHEN octet_length(c.body) <= " + SMALL_BODY_BYTES + " THEN c.body END" : "NULL::bytea";
        var saved = parts.contains(ContentPart.SAVED) ? "c.saved_at" : "NULL::timestamptz";
        var bodyBytes = whole
                ? "CASE WHEN octet_length(c.body) <= " + SMALL_BODY_BYTES + " THEN octet_length(c.body) END"
                : "0";
        return """
                SELECT c.uid, c.content_id, c.size, %s, %s, %s, %s, %s, %s
                  FROM (SELECT m.uid, m.saved_at, c.*,
                               sum(coalesce(octet_length(%s), 0) + coalesce(octet_length(%s), 0)
                                   + coalesce(octet_length(%s), 0) + coalesce(%s, 0))
                                   OVER (ORDER BY m.uid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
                          FROM (SELECT x.uid, x.content_id, x.mailbox_id, x.saved_at
                                  FROM unnest(?::int8multirange) r CROSS JOIN LATERAL
                                       (SELECT y.uid, y.content_id, y.mailbox_id, y.saved_at FROM message y
                                         WHERE y.mailbox_id = ? AND y.folder_id = ?
                                           AND y.uid >= lower(r) AND y.uid < upper(r)
                                         ORDER BY y.uid LIMIT %d) x
                                 LIMIT ?) m
                          JOIN content c ON c.mailbox_id = m.mailbox_id AND c.content_id = m.content_id) c
                 WHERE coalesce(c.before, 0) < ?
                 ORDER BY c.uid""".formatted(
                        header,
                        envelope,
                        structure,
                        preview,
                        body,
                        saved,
                        header,
                        envelope,
                        structure,
                        bodyBytes,
                        BATCH_MESSAGES);
    }

    /** Reads one slice at a time, each its own round trip. */
    private final class StoredBytes implements MessageBytes {
        private final MailboxId mailbox;
        private final ContentId content;
        private final long size;

        StoredBytes(MailboxId mailbox, ContentId content, long size) {
            this.mailbox = mailbox;
            this.content = content;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream open(long from, long length) {
            Objects.checkFromIndexSize(from, length, size);
            return new SliceStream(from, from + length);
        }

        private final class SliceStream extends InputStream {
            private final long end;
            private long at;
            private byte[] slice = {};
            private int next;

            SliceStream(long from, long end) {
                this.at = from;
                this.end = end;
            }

            @Override
            public int read() throws IOException {
                return fill() ? slice[next++] & 0xFF : -1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (length == 0) {
                    return 0;
                }
                if (!fill()) {
                    return -1;
                }
                int count = Math.min(length, slice.length - next);
                System.arraycopy(slice, next, bytes, offset, count);
                next += count;
                return count;
            }

            private boolean fill() throws IOException {
                if (next < slice.length) {
                    return true;
                }
                if (at >= end) {
                    return false;
                }
                slice = slices.read(mailbox, content, at, (int) Math.min(SLICE_BYTES, end - at))
                        .map(ContentSlices.Slice::bytes)
                        .filter(bytes -> bytes.length > 0)
                        .orElseThrow(() -> new IOException("content " + content + " is gone"));
                at += slice.length;
                next = 0;
                return true;
            }
        }
    }
}
