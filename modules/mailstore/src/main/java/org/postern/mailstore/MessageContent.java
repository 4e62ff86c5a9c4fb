package org.postern.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.mime.Envelope;
import org.postern.mime.MessageCodec;
import org.postern.mime.Structure;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.ContentId;
import org.postern.model.MailboxId;
import org.postern.model.Uid;

/** What was read of one message; parts that were not asked for throw {@link IllegalStateException}. */
public final class MessageContent {
    private final Contents contents;
    private final MailboxId mailbox;
    private final Uid uid;
    private final ContentId content;
    private final long size;
    private final ParsedParts parts;
    private final byte @Nullable [] body;
    private final @Nullable Instant savedAt;

    MessageContent(
            Contents contents,
            MailboxId mailbox,
            Uid uid,
            ContentId content,
            long size,
            ParsedParts parts,
            Optional<byte[]> body,
            Optional<Instant> savedAt) {
        this.contents = contents;
        this.mailbox = mailbox;
        this.uid = uid;
        this.content = content;
        this.size = size;
        this.parts = parts;
        this.body = body.orElse(null);
        this.savedAt = savedAt.orElse(null);
    }

    public Uid uid() {
        return uid;
    }

    ParsedParts parts() {
        return parts;
    }

    public ContentId content() {
        return content;
    }

    /** Bytes of the whole message. */
    public long size() {
        return size;
    }

    public Envelope envelope() {
        return MessageCodec.decodeEnvelope(read(parts.envelope(), ContentPart.ENVELOPE));
    }

    public Structure structure() {
        return MessageCodec.decodeStructure(read(parts.structure(), ContentPart.STRUCTURE));
    }

    /** The header with its blank line, as it came; cut at {@value Contents#MAX_HEADER_BYTES} bytes. */
    public byte[] header() {
        return read(parts.header(), ContentPart.HEADER);
    }

    public String preview() {
        return read(parts.preview(), ContentPart.PREVIEW);
    }

    /** When the message came into its folder (RFC 8514 §2). */
    public Instant savedAt() {
        return read(savedAt, ContentPart.SAVED);
    }

    /** The message to be read by range; {@link ContentPart#BYTES} makes this cheap for small ones, it works without. */
    public MessageBytes bytes() {
        var header = parts.header();
        return header != null && body != null ? new HeldBytes(header, body) : contents.bytes(mailbox, content, size);
    }

    /** Both in memory. */
    @SuppressWarnings("ArrayRecordComponent") // Lent, never compared.
    private record HeldBytes(byte[] header, byte[] body) implements MessageBytes {
        @Override
        public long size() {
            return (long) header.length + body.length;
        }

        @Override
        public InputStream open(long from, long length) {
            Objects.checkFromIndexSize(from, length, size());
            int inHeader = (int) Math.max(0, Math.min(length, header.length - from));
            int bodyFrom = (int) Math.max(0, from - header.length);
            return new SequenceInputStream(
                    new ByteArrayInputStream(header, (int) Math.min(from, header.length), inHeader),
                    new ByteArrayInputStream(body, bodyFrom, (int) length - inHeader));
        }
    }

    /** Writes the whole message; {@link ContentPart#BYTES} makes this cheap for small ones, it works without. */
    public void writeTo(OutputStream out) throws IOException {
        writeTo(out, 0, size);
    }

    /** Writes the bytes {@code from} to {@code from + length} of the message, less where it ends before. */
    public void writeTo(OutputStream out, long from, long length) throws IOException {
        if (from < 0 || length < 0) {
            throw new IllegalArgumentException("from " + from + ", length " + length);
        }
        long end = length > size - from ? size : from + length;
        if (from >= end) {
            return;
        }
        var header = parts.header();
        if (header != null && end <= header.length) {
            out.write(header, (int) from, (int) (end - from));
        } else if (header != null && body != null) {
            writeFromMemory(header, body, (int) from, (int) end, out);
        } else if (!contents.stream(mailbox, content, from, end - from, out)) {
            throw new IOException("content " + content + " was swept while it was read");
        }
    }

    private static void writeFromMemory(byte[] header, byte[] body, int from, int end, OutputStream out)
            throws IOException {
        if (from < header.length) {
            out.write(header, from, header.length - from);
        }
        int start = Math.max(0, from - header.length);
        out.write(body, start, end - header.length - start);
    }

    private static <T> T read(@Nullable T value, ContentPart part) {
        if (value == null) {
            throw new IllegalStateException(part + " was not asked for");
        }
        return value;
    }
}
