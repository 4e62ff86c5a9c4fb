package org.postern.mime;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.postern.mime.EnvelopeAddress.GroupEnd;
import org.postern.mime.EnvelopeAddress.GroupStart;
import org.postern.mime.EnvelopeAddress.Mailbox;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.ContentFields;
import org.postern.mime.Structure.Disposition;
import org.postern.mime.Structure.Extent;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Parameter;
import org.postern.mime.Structure.Text;

/**
 * The stored form of envelopes and structures: the version in the first byte, then numbers as variable-length integers and strings
 * with their length. Offsets are written as distances, so that most numbers are short. Both directions stand in one file because
 * neither may change without the other.
 */
public final class MessageCodec {
    private static final byte VERSION = 1;

    private MessageCodec() {}

    public static byte[] encode(Envelope envelope) {
        var out = new Writer();
        out.envelope(envelope);
        return out.bytes();
    }

    /** @throws IllegalArgumentException when the bytes were not written by {@link #encode(Envelope)} */
    public static Envelope decodeEnvelope(byte[] bytes) {
        var in = new Reader(bytes);
        var envelope = in.envelope();
        in.end();
        return envelope;
    }

    public static byte[] encode(Structure structure) {
        var out = new Writer();
        out.structure(structure, 0);
        return out.bytes();
    }

    /** @throws IllegalArgumentException when the bytes were not written by {@link #encode(Structure)} */
    public static Structure decodeStructure(byte[] bytes) {
        var in = new Reader(bytes);
        var structure = in.structure(0, 0);
        in.end();
        return structure;
    }

    private static final int TEXT = 0;
    private static final int BASIC = 1;
    private static final int MESSAGE = 2;
    private static final int MULTIPART = 3;

    private static final int GROUP_END = 0;
    private static final int GROUP_START = 1;
    private static final int MAILBOX = 2;

    private static final int SENDER_IS_FROM = 1;
    private static final int REPLY_TO_IS_FROM = 2;
    private static final int HAS_SENT_AT = 4;

    private static final class Writer {
        private byte[] bytes = new byte[512];
        private int length;

        Writer() {
            bytes[length++] = VERSION;
        }

        byte[] bytes() {
            return Arrays.copyOf(bytes, length);
        }

        private void room(int more) {
            if (length + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
            }
        }

        void number(long value) {
            room(10);
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes[length++] = (byte) (rest | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }

        private void signed(long value) {
            number((value << 1) ^ (value >> 63));
        }

        void string(String text) {
            number(text.length());
            text(text);
        }

        private void text(String text) {
            var raw = text.getBytes(StandardCharsets.ISO_8859_1);
            room(raw.length);
            System.arraycopy(raw, 0, bytes, length, raw.length);
            length += raw.length;
        }

        private void optional(Optional<String> text) {
            if (text.isEmpty()) {
                number(0);
            } else {
                number(text.get().length() + 1L);
                text(text.get());
            }
        }

        private <T> void list(List<T> items, BiConsumer<Writer, T> item) {
            number(items.size());
            for (var each : items) {
                item.accept(this, each);
            }
        }

        void envelope(Envelope envelope) {
            boolean senderIsFrom = envelope.sender().equals(envelope.from());
            boolean replyToIsFrom = envelope.replyTo().equals(envelope.from());
            number((senderIsFrom ? SENDER_IS_FROM : 0)
                    | (replyToIsFrom ? REPLY_TO_IS_FROM : 0)
                    | (envelope.sentAt().isPresent() ? HAS_SENT_AT : 0));
            optional(envelope.date());
            optional(envelope.subject());
            list(envelope.from(), Writer::address);
            if (!senderIsFrom) {
                list(envelope.sender(), Writer::address);
            }
            if (!replyToIsFrom) {
                list(envelope.replyTo(), Writer::address);
            }
            list(envelope.to(), Writer::address);
            list(envelope.cc(), Writer::address);
            list(envelope.bcc(), Writer::address);
            optional(envelope.inReplyTo());
            optional(envelope.messageId());
            list(envelope.references(), Writer::string);
            envelope.sentAt().ifPresent(sent -> {
                signed(sent.toLocalDateTime().toEpochSecond(ZoneOffset.UTC));
                signed(sent.getOffset().getTotalSeconds() / 60);
            });
        }

        private void address(EnvelopeAddress address) {
            switch (address) {
                case GroupEnd end -> number(GROUP_END);
                case GroupStart(var name) -> {
                    number(GROUP_START);
                    string(name);
                }
                case Mailbox(var name, var route, var mailbox, var host) -> {
                    number(MAILBOX);
                    optional(name);
                    optional(route);
                    string(mailbox);
                    string(host);
                }
            }
        }

        void structure(Structure structure, long origin) {
            var extent = structure.extent();
            number(
                    switch (structure) {
                        case Text text -> TEXT;
                        case Basic basic -> BASIC;
                        case MessagePart message -> MESSAGE;
                        case Multipart multipart -> MULTIPART;
                    });
            number(extent.headerStart() - origin);
            number(extent.headerSize());
            number(extent.bodySize());
            number(extent.lines());
            fields(structure.fields());
            switch (structure) {
                case Text text -> {}
                case Basic basic -> {}
                case MessagePart message -> {
                    envelope(message.envelope());
                    structure(message.body(), extent.bodyStart());
                }
                case Multipart multipart -> {
                    long from = extent.bodyStart();
                    number(multipart.parts().size());
                    for (var part : multipart.parts()) {
                        structure(part, from);
                        from = part.extent().bodyEnd();
                    }
                }
            }
        }

        private void fields(ContentFields fields) {
            string(fields.type());
            string(fields.subtype());
            list(fields.parameters(), Writer::parameter);
            optional(fields.id());
            optional(fields.description());
            string(fields.encoding());
            optional(fields.md5());
            optional(fields.disposition().map(Disposition::type));
            fields.disposition().ifPresent(disposition -> list(disposition.parameters(), Writer::parameter));
            list(fields.language(), Writer::string);
            optional(fields.location());
        }

        private void parameter(Parameter parameter) {
            string(parameter.name());
            string(parameter.value());
        }
    }

    private static final class Reader {
        /** Deeper than any scanner goes: what is deeper was not written here. */
        private static final int MAX_DEPTH = 1000;

        /** Past the year 9999, which no parsed date passes. */
        private static final long MAX_SECONDS = 400_000_000_000L;

        private static final long MAX_MINUTES = 18 * 60;

        private final byte[] bytes;
        private int at = 1;

        Reader(byte[] bytes) {
            this.bytes = bytes;
            if (bytes.length == 0 || bytes[0] != VERSION) {
                throw new IllegalArgumentException("unknown version of a stored envelope or structure");
            }
        }

        private static IllegalArgumentException damaged() {
            return new IllegalArgumentException("damaged envelope or structure");
        }

        void end() {
            if (at != bytes.length) {
                throw damaged();
            }
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 64 && at < bytes.length; shift += 7) {
                byte b = bytes[at++];
                value |= (long) (b & 0x7F) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw damaged();
        }

        private long signed() {
            long value = number();
            return (value >>> 1) ^ -(value & 1);
        }

        /** A length or a count: each takes at least a byte of what is left. */
        private int count() {
            long value = number();
            if (value < 0 || value > bytes.length - at + 1L) {
                throw damaged();
            }
            return (int) value;
        }

        private String text(int length) {
            if (length > bytes.length - at) {
                throw damaged();
            }
            var text = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
            at += length;
            return text;
        }

        String string() {
            return text(count());
        }

        private Optional<String> optional() {
            int length = count();
            return length == 0 ? Optional.empty() : Optional.of(text(length - 1));
        }

        private <T> List<T> list(Function<Reader, T> item) {
            int count = count();
            if (count == 0) {
                return List.of();
            }
            if (count == 1) {
                return List.of(item.apply(this));
            }
            var items = new ArrayList<T>(Math.min(count, 64));
            for (int i = 0; i < count; i++) {
                items.add(item.apply(this));
            }
            return items;
        }

        Envelope envelope() {
            long flags = number();
            var date = optional();
            var subject = optional();
            var from = List.copyOf(list(Reader::address));
            var sender = (flags & SENDER_IS_FROM) != 0 ? from : list(Reader::address);
            var replyTo = (flags & REPLY_TO_IS_FROM) != 0 ? from : list(Reader::address);
            var to = list(Reader::address);
            var cc = list(Reader::address);
            var bcc = list(Reader::address);
            var inReplyTo = optional();
            var messageId = optional();
            var references = list(Reader::string);
            var sentAt = (flags & HAS_SENT_AT) != 0 ? Optional.of(sentAt()) : Optional.<OffsetDateTime>empty();
            return new Envelope(
                    date, subject, from, sender, replyTo, to, cc, bcc, inReplyTo, messageId, references, sentAt);
        }

        private OffsetDateTime sentAt() {
            long seconds = signed();
            long minutes = signed();
            // Ranges, not Math.abs: that of the smallest long is negative.
            if (seconds < -MAX_SECONDS || seconds > MAX_SECONDS || minutes < -MAX_MINUTES || minutes > MAX_MINUTES) {
                throw damaged();
            }
            return OffsetDateTime.of(
                    LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC),
                    ZoneOffset.ofTotalSeconds((int) minutes * 60));
        }

        private EnvelopeAddress address() {
            long kind = number();
            if (kind == MAILBOX) {
                return new Mailbox(optional(), optional(), string(), string());
            }
            if (kind == GROUP_START) {
                return new GroupStart(string());
            }
            if (kind == GROUP_END) {
                return new GroupEnd();
            }
            throw damaged();
        }

        Structure structure(long origin, int depth) {
            if (depth > MAX_DEPTH) {
                throw damaged();
            }
            long kind = number();
            long headerStart = origin + number();
            long bodyStart = headerStart + number();
            long bodyEnd = bodyStart + number();
            var extent = new Extent(headerStart, bodyStart, bodyEnd, (int) number());
            var fields = fields();
            if (kind == TEXT) {
                return new Text(fields, extent);
            }
            if (kind == BASIC) {
                return new Basic(fields, extent);
            }
            if (kind == MESSAGE) {
                return new MessagePart(fields, extent, envelope(), structure(bodyStart, depth + 1));
            }
            if (kind == MULTIPART) {
                return multipart(fields, extent, depth);
            }
            throw damaged();
        }

        private Multipart multipart(ContentFields fields, Extent extent, int depth) {
            int count = count();
            var parts = new ArrayList<Structure>(Math.min(count, 64));
            long from = extent.bodyStart();
            for (int i = 0; i < count; i++) {
                var part = structure(from, depth + 1);
                from = part.extent().bodyEnd();
                parts.add(part);
            }
            return new Multipart(fields, extent, parts);
        }

        private ContentFields fields() {
            var type = string();
            var subtype = string();
            var parameters = list(Reader::parameter);
            var id = optional();
            var description = optional();
            var encoding = string();
            var md5 = optional();
            var disposition = optional().map(word -> new Disposition(word, list(Reader::parameter)));
            var language = list(Reader::string);
            var location = optional();
            return new ContentFields(
                    type, subtype, parameters, id, description, encoding, md5, disposition, language, location);
        }

        private Parameter parameter() {
            return new Parameter(string(), string());
        }
    }
}
