package org.postern.imap.reply;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.imap.grammar.ImapDates;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mime.Envelope;
import org.postern.mime.EnvelopeAddress;
import org.postern.mime.Structure;
import org.postern.mime.Structure.ContentFields;
import org.postern.mime.Structure.Parameter;

/** The wire text of FETCH data items (RFC 3501 §7.4.2, §9 {@code msg-att}). */
final class FetchEncoder {
    /** A longer string goes as a literal: clients keep quoted ones within their line buffers. */
    private static final int LONGEST_QUOTED = 1000;

    private final WireText text;

    /** The section that was sent last, and how. */
    private FetchItem.@Nullable BodySection spelt;

    private byte[] spelling = {};

    /** From the announcement of a streamed literal to the end of its response. */
    private boolean inLiteral;

    FetchEncoder(WireText text) {
        this.text = text;
    }

    /** {@code msg-att = "(" msg-att-item *(SP msg-att-item) ")"}; streamed octets go to {@code out} as they come. */
    void msgAtt(List<FetchValue> values, OutputStream out) throws IOException {
        char before = '(';
        for (var value : values) {
            text.add(before);
            before = ' ';
            switch (value) {
                case FetchValue.FlagsValue(var flags, var recent) -> {
                    text.add("FLAGS (").add(String.join(" ", flags.names()));
                    text.add(recent ? (flags.isEmpty() ? "\\Recent)" : " \\Recent)") : ")");
                }
                case FetchValue.UidValue(var uid) -> text.add("UID ").add(uid.value());
                case FetchValue.Size(var bytes) -> text.add("RFC822.SIZE ").add(bytes);
                case FetchValue.InternalDate(var at) ->
                    text.add("INTERNALDATE \"").add(ImapDates.dateTime(at)).add('"');
                case FetchValue.ModseqValue(var modseq) ->
                    text.add("MODSEQ (").add(modseq.value()).add(')');
                case FetchValue.EmailId(var content) ->
                    text.add("EMAILID (").add(ObjectIds.of(content)).add(')');
                case FetchValue.NoThreadId() -> text.add("THREADID NIL");
                case FetchValue.SaveDate(var at) ->
                    text.add("SAVEDATE \"").add(ImapDates.dateTime(at)).add('"');
                case FetchValue.PreviewText(var preview) -> {
                    text.add("PREVIEW ");
                    string(WireText.utf8(preview));
                }
                case FetchValue.BinarySize(var item, var bytes) -> {
                    text.add("BINARY.SIZE[").add(dotted(item.part())).add("] ");
                    text.add(bytes);
                }
                case FetchValue.BinaryBytes(var item, var octets) -> {
                    text.add("BINARY[").add(dotted(item.part())).add(']');
                    item.partial()
                            .ifPresent(partial ->
                                    text.add('<').add(partial.origin()).add('>'));
                    text.add(octets instanceof Octets.None ? " " : " ~"); // literal8: decoded bytes may hold NUL.
                    octets(octets, out);
                }
                case FetchValue.EnvelopeValue(var envelope) -> {
                    text.add("ENVELOPE ");
                    envelope(envelope);
                }
                case FetchValue.StructureValue(var structure, var extended) -> {
                    text.add(extended ? "BODYSTRUCTURE " : "BODY ");
                    body(structure, extended);
                }
                case FetchValue.Legacy(var item, var octets) -> {
                    text.add(item.name().replace('_', '.')).add(' ');
                    octets(octets, out);
                }
                case FetchValue.BodySection(var item, var octets) -> {
                    section(item);
                    octets(octets, out);
                }
            }
        }
        text.add(')');
        inLiteral = false;
    }

    /** Whether a response is cut in the middle of what was already sent. */
    boolean isInLiteral() {
        return inLiteral;
    }

    // ---- Sections

    /** {@code "BODY" section ["<" number ">"] SP}: the same for each message of a FETCH, so spelt once. */
    @SuppressWarnings("ReferenceEquality") // The FETCH's own item, again.
    private void section(FetchItem.BodySection item) {
        if (item != spelt) {
            int from = text.length();
            spell(item);
            spelt = item;
            spelling = text.from(from);
            return;
        }
        text.add(spelling, 0, spelling.length);
    }

    private void spell(FetchItem.BodySection item) {
        var part = dotted(item.section().part());
        text.add("BODY[").add(part);
        var dot = part.isEmpty() ? "" : ".";
        switch (item.section().text()) {
            case SectionText.Whole() -> text.add("");
            case SectionText.Header() -> text.add(dot).add("HEADER");
            case SectionText.Text() -> text.add(dot).add("TEXT");
            case SectionText.Mime() -> text.add(dot).add("MIME");
            case SectionText.Fields(var not, var names) -> {
                text.add(dot).add(not ? "HEADER.FIELDS.NOT (" : "HEADER.FIELDS (");
                for (int i = 0; i < names.size(); i++) {
                    text.add(i == 0 ? "" : " ");
                    fieldName(names.get(i));
                }
                text.add(')');
            }
        }
        text.add(']');
        item.partial().ifPresent(partial -> text.add('<').add(partial.origin()).add('>'));
        text.add(' ');
    }

    /** {@code section-part = nz-number *("." nz-number)}. */
    private static String dotted(List<Integer> part) {
        return part.stream().map(String::valueOf).collect(Collectors.joining("."));
    }

    /** {@code header-fld-name = astring}. */
    private void fieldName(String name) {
        if (isAtom(name)) {
            text.add(name);
        } else {
            string(WireText.utf8(name));
        }
    }

    private static boolean isAtom(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7F || "(){%*\"\\]".indexOf(c) >= 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private void octets(Octets octets, OutputStream out) throws IOException {
        switch (octets) {
            case Octets.None() -> text.add("NIL");
            case Octets.Held(var bytes, var from, var length) -> {
                literalSize(length);
                text.add(bytes, from, length);
            }
            case Octets.Streamed(var length, var source) -> {
                literalSize(length);
                inLiteral = true;
                text.writeTo(out);
                source.writeTo(out);
            }
        }
    }

    private void literalSize(long length) {
        text.add('{').add(length).add("}\r\n");
    }

    // ---- Strings

    /** {@code nstring = string / nil}, wire text. */
    private void nstring(Optional<String> value) {
        if (value.isPresent()) {
            string(value.get());
        } else {
            text.add("NIL");
        }
    }

    /** {@code string = quoted / literal}, wire text: one character a byte. */
    void string(String value) {
        if (isQuotable(value)) {
            text.add('"');
            if (value.indexOf('"') < 0 && value.indexOf('\\') < 0) {
                text.add(value);
            } else {
                text.add(value.replace("\\", "\\\\").replace("\"", "\\\""));
            }
            text.add('"');
        } else {
            var withoutNul = value.replace('\0', ' '); // CHAR8 excludes NUL.
            literalSize(withoutNul.length());
            text.add(withoutNul);
        }
    }

    /** A loop, for there are a dozen of them in every envelope and structure. */
    private static boolean isQuotable(String value) {
        if (value.length() > LONGEST_QUOTED) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** {@code string / literal8}, wire text: only the latter may hold NUL. */
    void string8(String value) {
        if (value.indexOf(0) < 0) {
            string(value);
        } else {
            text.add('~');
            literalSize(value.length());
            text.add(value);
        }
    }

    // ---- Envelope

    /** {@code envelope}. */
    private void envelope(Envelope envelope) {
        text.add('(');
        nstring(envelope.date());
        text.add(' ');
        nstring(envelope.subject());
        for (var list : List.of(
                envelope.from(), envelope.sender(), envelope.replyTo(), envelope.to(), envelope.cc(), envelope.bcc())) {
            text.add(' ');
            addresses(list);
        }
        text.add(' ');
        nstring(envelope.inReplyTo());
        text.add(' ');
        nstring(envelope.messageId());
        text.add(')');
    }

    /** {@code "(" 1*address ")" / nil}. */
    private void addresses(List<EnvelopeAddress> addresses) {
        if (addresses.isEmpty()) {
            text.add("NIL");
            return;
        }
        text.add('(');
        for (var address : addresses) {
            switch (address) {
                case EnvelopeAddress.Mailbox(var name, var route, var mailbox, var host) ->
                    address(name, route, Optional.of(mailbox), Optional.of(host));
                case EnvelopeAddress.GroupStart(var name) ->
                    address(Optional.empty(), Optional.empty(), Optional.of(name), Optional.empty());
                case EnvelopeAddress.GroupEnd() ->
                    address(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            }
        }
        text.add(')');
    }

    /** {@code address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"}. */
    private void address(
            Optional<String> name, Optional<String> route, Optional<String> mailbox, Optional<String> host) {
        text.add('(');
        nstring(name);
        text.add(' ');
        nstring(route);
        text.add(' ');
        nstring(mailbox);
        text.add(' ');
        nstring(host);
        text.add(')');
    }

    // ---- Structure

    /** {@code body = "(" (body-type-1part / body-type-mpart) ")"}. */
    private void body(Structure structure, boolean extended) {
        text.add('(');
        var fields = structure.fields();
        switch (structure) {
            case Structure.Multipart multipart -> {
                multipart.parts().forEach(part -> body(part, extended));
                text.add(' ');
                string(fields.subtype());
                if (extended) {
                    text.add(' ');
                    bodyFldParam(fields.parameters());
                }
            }
            case Structure.MessagePart message -> {
                bodyFields(message);
                text.add(' ');
                envelope(message.envelope());
                text.add(' ');
                body(message.body(), extended);
                text.add(' ').add(message.extent().lines());
            }
            case Structure.Text plain -> {
                bodyFields(plain);
                text.add(' ').add(plain.extent().lines());
            }
            case Structure.Basic basic -> bodyFields(basic);
        }
        if (extended) {
            bodyExt(structure, fields);
        }
        text.add(')');
    }

    /** {@code media SP body-fld-param SP body-fld-id SP body-fld-desc SP body-fld-enc SP body-fld-octets}. */
    private void bodyFields(Structure part) {
        var fields = part.fields();
        string(fields.type());
        text.add(' ');
        string(fields.subtype());
        text.add(' ');
        bodyFldParam(fields.parameters());
        text.add(' ');
        nstring(fields.id());
        text.add(' ');
        nstring(fields.description());
        text.add(' ');
        string(fields.encoding());
        text.add(' ').add(part.extent().bodySize());
    }

    /** {@code body-ext-1part}, {@code body-ext-mpart}: whole, never only its beginning. */
    private void bodyExt(Structure part, ContentFields fields) {
        if (!(part instanceof Structure.Multipart)) {
            text.add(' ');
            nstring(fields.md5());
        }
        text.add(' ');
        if (fields.disposition().isPresent()) {
            var disposition = fields.disposition().get();
            text.add('(');
            string(disposition.type());
            text.add(' ');
            bodyFldParam(disposition.parameters());
            text.add(')');
        } else {
            text.add("NIL");
        }
        text.add(' ');
        bodyFldLang(fields.language());
        text.add(' ');
        nstring(fields.location());
    }

    /** {@code body-fld-param = "(" string SP string *(SP string SP string) ")" / nil}. */
    private void bodyFldParam(List<Parameter> parameters) {
        if (parameters.isEmpty()) {
            text.add("NIL");
            return;
        }
        char before = '(';
        for (var parameter : parameters) {
            text.add(before);
            string(parameter.name());
            text.add(' ');
            string(parameter.value());
            before = ' ';
        }
        text.add(')');
    }

    /** {@code body-fld-lang = nstring / "(" string *(SP string) ")"}. */
    private void bodyFldLang(List<String> tags) {
        if (tags.isEmpty()) {
            text.add("NIL");
            return;
        }
        char before = '(';
        for (var tag : tags) {
            text.add(before);
            string(tag);
            before = ' ';
        }
        text.add(')');
    }
}
