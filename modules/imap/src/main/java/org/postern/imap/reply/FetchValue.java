package org.postern.imap.reply;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.postern.imap.command.FetchItem;
import org.postern.mime.Envelope;
import org.postern.mime.Structure;
import org.postern.model.ContentId;
import org.postern.model.Flags;
import org.postern.model.Modseq;
import org.postern.model.Uid;

/** One data item of a FETCH response (RFC 3501 §7.4.2). */
public sealed interface FetchValue {
    /** @param recent whether the message is {@code \Recent} to this session */
    record FlagsValue(Flags flags, boolean recent) implements FetchValue {}

    record UidValue(Uid uid) implements FetchValue {}

    record Size(long bytes) implements FetchValue {}

    record InternalDate(Instant at) implements FetchValue {}

    record ModseqValue(Modseq modseq) implements FetchValue {}

    /** The same for copies of one message (RFC 8474 §5.1). */
    record EmailId(ContentId content) implements FetchValue {}

    /** {@code THREADID NIL}: we keep no threads (RFC 8474 §5.2). */
    record NoThreadId() implements FetchValue {}

    record SaveDate(Instant at) implements FetchValue {}

    /** @param text may be empty, but is always there (RFC 8970 §3.1) */
    record PreviewText(String text) implements FetchValue {}

    /** {@code BINARY[section-part]<origin>}. */
    record BinaryBytes(FetchItem.Binary item, Octets octets) implements FetchValue {}

    record BinarySize(FetchItem.BinarySize item, long bytes) implements FetchValue {}

    record EnvelopeValue(Envelope envelope) implements FetchValue {}

    /** @param extended {@code BODYSTRUCTURE}, else {@code BODY} */
    record StructureValue(Structure structure, boolean extended) implements FetchValue {}

    /** {@code RFC822}, {@code RFC822.HEADER}, {@code RFC822.TEXT}. */
    record Legacy(FetchItem.Plain item, Octets octets) implements FetchValue {}

    /** {@code BODY[section]<origin>}. */
    record BodySection(FetchItem.BodySection item, Octets octets) implements FetchValue {}

    /** Bytes of a message, their number known before the first is sent. */
    sealed interface Octets {
        long length();

        void writeTo(OutputStream out) throws IOException;

        /** {@code NIL}: the message has no such part. */
        record None() implements Octets {
            @Override
            public long length() {
                return 0;
            }

            @Override
            public void writeTo(OutputStream out) {}
        }

        /** @param bytes not changed by anybody any more */
        @SuppressWarnings("ArrayRecordComponent") // Lent, never copied or compared.
        record Held(byte[] bytes, int from, int count) implements Octets {
            @Override
            public long length() {
                return count;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes, from, count);
            }

            @Override
            public boolean equals(Object other) {
                return other == this;
            }

            @Override
            public int hashCode() {
                return System.identityHashCode(this);
            }
        }

        /** Read slice by slice while they are sent. */
        record Streamed(long length, Source source) implements Octets {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                source.writeTo(out);
            }
        }
    }

    /** Writes exactly the bytes it stands for. */
    @FunctionalInterface
    interface Source {
        void writeTo(OutputStream out) throws IOException;
    }
}
