package org.postern.imap.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mailstore.ContentPart;
import org.postern.mailstore.Contents;
import org.postern.mailstore.MessageContent;
import org.postern.mime.Headers;
import org.postern.mime.Structure;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/** Which bytes of one message a section names; all of them are known from the stored structure (RFC 3501 §6.4.5). */
final class Sections {
    private final MessageContent message;
    private final FolderId folder;
    private final Contents contents;

    Sections(MessageContent message, FolderId folder, Contents contents) {
        this.message = message;
        this.folder = folder;
        this.contents = contents;
    }

    Octets octets(Section section, Optional<Partial> partial) throws IOException {
        if (section.part().isEmpty()) {
            return ofMessage(section.text(), partial);
        }
        var part = message.structure().part(section.part());
        return part.isPresent() ? ofPart(part.get(), section.text(), partial) : new Octets.None();
    }

    private Octets ofMessage(SectionText text, Optional<Partial> partial) throws IOException {
        return switch (text) {
            case SectionText.Whole() -> range(0, message.size(), partial);
            case SectionText.Header() -> held(header(), partial);
            case SectionText.Fields fields -> held(chosen(header(), fields), partial);
            case SectionText.Text() -> range(message.structure().extent().bodyStart(), message.size(), partial);
            case SectionText.Mime() -> new Octets.None(); // The grammar wants a part number before MIME.
        };
    }

    private Octets ofPart(Structure part, SectionText text, Optional<Partial> partial) throws IOException {
        var extent = part.extent();
        return switch (text) {
            case SectionText.Whole() -> range(extent.bodyStart(), extent.bodyEnd(), partial);
            case SectionText.Mime() -> range(extent.headerStart(), extent.bodyStart(), partial);
            case SectionText.Header(), SectionText.Text(), SectionText.Fields _ ->
                part instanceof Structure.MessagePart enclosing
                        ? ofEnclosed(enclosing.body().extent(), text, partial)
                        : new Octets.None(); // Only a message has a header and a text of its own.
        };
    }

    private Octets ofEnclosed(Structure.Extent extent, SectionText text, Optional<Partial> partial) throws IOException {
        return switch (text) {
            case SectionText.Header() -> range(extent.headerStart(), extent.bodyStart(), partial);
            case SectionText.Fields fields ->
                held(chosen(read(extent.headerStart(), extent.headerSize()), fields), partial);
            case SectionText.Text(), SectionText.Whole(), SectionText.Mime() ->
                range(extent.bodyStart(), extent.bodyEnd(), partial);
        };
    }

    private static byte[] chosen(byte[] header, SectionText.Fields fields) {
        var all = Headers.of(header);
        return fields.not() ? all.except(fields.names()) : all.only(fields.names());
    }

    /** The whole header; the rare one over what is kept ready is read again, up to the parser's own bound. */
    private byte[] header() throws IOException {
        var header = message.header();
        if (header.length < Contents.MAX_HEADER_BYTES) {
            return header;
        }
        var whole = new ByteArrayOutputStream(header.length);
        contents.messages(
                folder,
                UidSet.of(message.uid()),
                EnumSet.of(ContentPart.STRUCTURE),
                again -> again.writeTo(whole, 0, again.structure().extent().bodyStart()));
        return whole.toByteArray();
    }

    /** A header within the message: bounded by the parser. */
    private byte[] read(long from, long length) throws IOException {
        var bytes = new ByteArrayOutputStream((int) length);
        message.writeTo(bytes, from, length);
        return bytes.toByteArray();
    }

    private Octets range(long from, long to, Optional<Partial> partial) {
        long origin = partial.map(Partial::origin).orElse(0L);
        long start = Math.min(from + origin, to);
        long length = Math.min(partial.map(Partial::count).orElse(Long.MAX_VALUE), to - start);
        return new Octets.Streamed(length, out -> message.writeTo(out, start, length));
    }

    private static Octets held(byte[] bytes, Optional<Partial> partial) {
        int start = (int) Math.min(partial.map(Partial::origin).orElse(0L), bytes.length);
        int length = (int) Math.min(partial.map(Partial::count).orElse(Long.MAX_VALUE), bytes.length - start);
        return new Octets.Held(bytes, start, length);
    }
}
