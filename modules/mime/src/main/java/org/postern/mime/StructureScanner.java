package org.postern.mime;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.ContentFields;
import org.postern.mime.Structure.Extent;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Parameter;
import org.postern.mime.Structure.Text;
import org.postern.mime.bytes.MessageBytes;

/**
 * One pass over a message's lines that finds its parts and where each begins and ends (RFC 2046 §5.1, RFC 5322 §2.1).
 *
 * <p>Why our own: BODY[1.2], BINARY and CATENATE need the exact byte offsets of every part, and Apache mime4j's token stream exposes
 * none. mime4j is the second opinion in the tests. Neither are its decoders used: parameters go to the client as they were written, not
 * decoded, and its encoded-word decoder keeps buffers per thread, which does not suit virtual threads.
 *
 * <p>Damage is understood as leniently as can be without guessing twice: lines may end with LF alone; a header ends at a blank line, at
 * a delimiter of the multipart around it, or at the end; a multipart that is never closed ends where the one around it goes on. A line
 * is a delimiter only when it is exactly one (RFC 2046 §5.1.1), so that boundaries may be prefixes of each other; the innermost open
 * multipart is asked first.
 *
 * <p>Every multipart has a part: one without a usable boundary or without delimiter lines is text/plain, as what no MIME reader
 * understands is (RFC 2045 §5.2). A container that may not be opened (nested too deep, or a message in base64, which RFC 2046
 * §5.2.1 forbids) is application/octet-stream (RFC 2045 §6.4).
 */
final class StructureScanner {
    /** White space behind a boundary is looked at so far (RFC 2046 §5.1.1, "transport-padding"). */
    private static final int PADDING = 128;

    private final MessageBytes message;
    private final MimeLimits limits;
    private final Kept kept;
    private final Window window;
    private @Nullable Envelope rootEnvelope;
    private @Nullable Structure root;
    private Open current;
    private int opened = 1;
    /** Kept free for the part that a delimiter begins while it ends others: a message among those would take its place. */
    private int reserved;

    private int multiparts;
    private boolean inHeader = true;

    private StructureScanner(MessageBytes message, MimeLimits limits, Window window) {
        this.message = message;
        this.limits = limits;
        this.kept = new Kept(limits.keptBytes());
        this.window = window;
        this.current = new Open(null, true, false, 0, 0);
    }

    /** A message's own header fields and structure. */
    record Scanned(Envelope envelope, Structure structure) {}

    static Scanned scan(MessageBytes message, MimeLimits limits) throws IOException {
        try (var window = Window.over(message, lookahead(limits))) {
            return new StructureScanner(message, limits, window).scan();
        }
    }

    private static int lookahead(MimeLimits limits) {
        return 2 + limits.boundaryBytes() + 2 + PADDING;
    }

    /** A part whose end is not known yet. */
    private static final class Open {
        final @Nullable Open around;
        final boolean isMessage;
        final boolean inDigest;
        final long headerStart;
        final int depth;
        final List<Structure> parts = new ArrayList<>(0);
        long bodyStart;
        int firstLine;

        @Nullable
        ContentFields fields;

        @Nullable
        Envelope envelope;
        /** Set while this is a multipart whose delimiters are looked for. */
        @Nullable
        String boundary;

        boolean holdsMessage;

        Open(@Nullable Open around, boolean isMessage, boolean inDigest, long headerStart, int depth) {
            this.around = around;
            this.isMessage = isMessage;
            this.inDigest = inDigest;
            this.headerStart = headerStart;
            this.depth = depth;
        }
    }

    private Scanned scan() throws IOException {
        while (window.hasLine()) {
            long start = window.offset();
            if (multiparts > 0 && isDelimiter(start)) {
                continue;
            }
            boolean blank = window.atBlankLine();
            window.skipLine();
            if (inHeader) {
                endHeaderAfter(start, blank);
            } else {
                window.skipLinesBefore((byte) '-'); // Which no delimiter can be.
            }
        }
        long size = window.offset();
        while (inHeader) {
            endHeader(size, window.lines());
        }
        long end = size;
        for (Open part = current; part != null; part = part.around) {
            end = close(part, end, part.bodyStart == size ? 0 : window.lines() - part.firstLine);
        }
        return new Scanned(Objects.requireNonNull(rootEnvelope), Objects.requireNonNull(root));
    }

    private void endHeaderAfter(long lineStart, boolean blank) throws IOException {
        // Again for a message that begins at this very line: its header must not hold the line either.
        while (inHeader && window.offset() - current.headerStart > limits.headerBytes()) {
            endHeader(lineStart, window.lines() - 1);
        }
        if (inHeader && blank) {
            endHeader(window.offset(), window.lines());
        }
    }

    /**
     * The header of the current part ends here. A message inside begins at once, with its own header.
     *
     * @param firstLine the number of the line at which the body begins
     */
    private void endHeader(long bodyStart, int firstLine) throws IOException {
        var part = current;
        part.bodyStart = bodyStart;
        part.firstLine = firstLine;
        var reader = new FieldReader(header(part.headerStart, bodyStart), part.isMessage, limits, kept);
        if (part.isMessage) {
            var envelope = reader.envelope();
            if (part.around == null) {
                rootEnvelope = envelope;
            } else {
                part.around.envelope = envelope;
            }
        }
        var fields = reader.contentFields(part.inDigest);
        part.fields = fields;
        inHeader = false;
        if (fields.type().equals("multipart")) {
            openMultipart(part, fields);
        } else if (fields.is("message", "rfc822") || fields.is("message", "global")) {
            openMessage(part, fields, bodyStart);
        }
    }

    private void openMultipart(Open part, ContentFields fields) {
        var boundary =
                fields.parameter("boundary").map(StructureScanner::trimEnd).orElse("");
        if (part.depth + 1 >= limits.depth()) {
            part.fields = as(fields, "application", "octet-stream", List.of());
        } else if (!boundary.isEmpty() && boundary.length() <= limits.boundaryBytes()) {
            part.boundary = boundary;
            multiparts++;
        }
    }

    private void openMessage(Open part, ContentFields fields, long bodyStart) {
        if (part.depth + 1 >= limits.depth()
                || opened + reserved >= limits.parts()
                || fields.encoding().equals("base64")) {
            part.fields = as(fields, "application", "octet-stream", List.of());
            return;
        }
        part.holdsMessage = true;
        begin(part, true, false, bodyStart);
    }

    private void begin(Open around, boolean isMessage, boolean inDigest, long headerStart) {
        opened++;
        current = new Open(around, isMessage, inDigest, headerStart, around.depth + 1);
        inHeader = true;
    }

    private FieldCursor header(long from, long to) throws IOException {
        var fields = window.fields(from, to);
        if (fields != null) {
            return fields;
        }
        try (var in = message.open(from, to - from)) {
            return new FieldCursor(in.readNBytes((int) (to - from)));
        }
    }

    /** Takes the line if it is the delimiter of an open multipart, and does what it says. */
    private boolean isDelimiter(long start) throws IOException {
        int ahead = window.ahead();
        if (ahead < 3 || window.peek(0) != '-' || window.peek(1) != '-') {
            return false;
        }
        int length = contentLength(ahead);
        if (length < 3) {
            return false;
        }
        for (Open part = current; part != null; part = part.around) {
            if (part.boundary == null) {
                continue;
            }
            boolean opens = matches(part.boundary, length, 0);
            if ((opens && opened < limits.parts()) || matches(part.boundary, length, 2)) {
                reserved = opens ? 1 : 0;
                endPartsInside(part, start);
                reserved = 0;
                window.skipLine();
                if (opens) {
                    begin(
                            part,
                            false,
                            Objects.requireNonNull(part.fields).subtype().equals("digest"),
                            window.offset());
                } else {
                    part.boundary = null; // What follows is its epilogue.
                    multiparts--;
                }
                return true;
            }
        }
        return false;
    }

    /** The line's length without line end and padding; 0 when its end is too far ahead for a delimiter. */
    private int contentLength(int ahead) {
        int lookahead = lookahead(limits);
        int reach = Math.min(ahead, lookahead);
        int end = 0;
        while (end < reach && window.peek(end) != '\n') {
            end++;
        }
        if (end == lookahead) {
            return 0;
        }
        while (end > 0 && Ascii.isSpace((char) (window.peek(end - 1) & 0xFF))) {
            end--;
        }
        return end;
    }

    private boolean matches(String boundary, int length, int closingDashes) {
        if (length != 2 + boundary.length() + closingDashes) {
            return false;
        }
        for (int i = 0; i < boundary.length(); i++) {
            if ((window.peek(2 + i) & 0xFF) != boundary.charAt(i)) {
                return false;
            }
        }
        for (int i = length - closingDashes; i < length; i++) {
            if (window.peek(i) != '-') {
                return false;
            }
        }
        return true;
    }

    /** A delimiter of {@code multipart} ends all that is open inside it, before the line end that leads up to it. */
    private void endPartsInside(Open multipart, long start) throws IOException {
        long end = start - window.lineEndBytes();
        while (inHeader) {
            long bodyStart = Math.max(end, current.headerStart);
            endHeader(bodyStart, window.lines());
        }
        for (Open part = current; part != multipart; part = Objects.requireNonNull(part.around)) {
            end = Math.max(end, part.bodyStart);
            int lines = window.lines() - part.firstLine - (window.isLineEmpty() && end < start ? 1 : 0);
            end = close(part, end, Math.max(0, lines));
        }
        current = multipart;
    }

    /** Returns where the part ends: no part ends before those inside it. */
    private long close(Open part, long end, int lines) {
        if (part.boundary != null) {
            multiparts--;
        }
        var extent = new Extent(part.headerStart, part.bodyStart, end, end == part.bodyStart ? 0 : lines);
        var structure = structure(part, extent);
        if (part.around == null) {
            root = structure;
        } else {
            part.around.parts.add(structure);
        }
        return end;
    }

    private static Structure structure(Open part, Extent extent) {
        var fields = Objects.requireNonNull(part.fields);
        if (part.holdsMessage) {
            return new MessagePart(fields, extent, Objects.requireNonNull(part.envelope), part.parts.getFirst());
        }
        if (fields.type().equals("multipart")) {
            return part.parts.isEmpty()
                    ? new Text(as(fields, "text", "plain", List.of()), extent)
                    : new Multipart(fields, extent, part.parts);
        }
        return fields.type().equals("text") ? new Text(fields, extent) : new Basic(fields, extent);
    }

    private static ContentFields as(ContentFields fields, String type, String subtype, List<Parameter> parameters) {
        return new ContentFields(
                type,
                subtype,
                parameters,
                fields.id(),
                fields.description(),
                fields.encoding(),
                fields.md5(),
                fields.disposition(),
                fields.language(),
                fields.location());
    }

    /** RFC 2046 §5.1.1: no boundary ends with white space. */
    static String trimEnd(String boundary) {
        int end = boundary.length();
        while (end > 0 && Ascii.isSpace(boundary.charAt(end - 1))) {
            end--;
        }
        return boundary.substring(0, end);
    }
}
