package org.postern.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.mime.Structure.ContentFields;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;

/**
 * Makes text of a message that may have binary parts (RFC 3030 §3): what is inside parts whose Content-Transfer-Encoding is binary becomes
 * base64 (RFC 2045 §6.8), all else stays byte for byte. One pass in bounded memory.
 *
 * <p>Strict where {@link StructureScanner} is lenient, for between parts that are not text nothing can be guessed: only CRLF ends a line, so
 * only a whole line behind a CRLF is a delimiter, and every multipart ends. A part that is not called binary is text.
 */
public final class BinaryParts {
    /** Why a message is none that can be made text. */
    public enum Problem {
        /** In a part that is not binary. */
        NUL,
        /** In a part that is not binary. */
        BARE_LINE_END,
        /** In a part that is not binary. */
        LINE_TOO_LONG,
        HEADER_TOO_LONG,
        /** A multipart has no boundary, or does not end. */
        UNCLOSED,
        /** Nested too deep, or too many. */
        TOO_MANY_PARTS,
        /** What is signed must not be touched, and is text therefore (RFC 1847 §2.1); so are parts of a message in parts (RFC 2046 §5.2). */
        NOT_TO_BE_ENCODED
    }

    /** What is written instead of {@code binary} where parts are inside: theirs may have any byte but NUL, in lines. */
    private static final String LINES = "8bit";

    private static final String BASE64 = "base64";
    private static final String FIELD = "Content-Transfer-Encoding";
    /** White space behind a boundary is looked at so far. */
    private static final int PADDING = 128;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final CrlfPieces pieces;
    private final Spool out;
    private final int textLine;
    private final MimeLimits limits;
    /** Of the multiparts around, the outermost first. */
    private final List<String> boundaries = new ArrayList<>();

    private int parts = 1;
    private long lineLength;
    private boolean endsWithLine = true;

    private BinaryParts(CrlfPieces pieces, Spool out, int textLine, MimeLimits limits) {
        this.pieces = pieces;
        this.out = out;
        this.textLine = textLine;
        this.limits = limits;
    }

    /**
     * Writes the message as text, which ends with a line end.
     *
     * @param out gets it; not finished here
     * @param textLine the longest line of what is text, without its line end
     * @return why it cannot be; what has been written is nothing then
     */
    public static Optional<Problem> encode(MessageBytes message, Spool out, int textLine, MimeLimits limits)
            throws IOException {
        try (var in = message.open()) {
            new BinaryParts(new CrlfPieces(in), out, textLine, limits).run();
            return Optional.empty();
        } catch (Refused refused) {
            return Optional.of(refused.problem);
        }
    }

    /**
     * What ends a part: a delimiter, which is the piece at hand, or the message's end.
     *
     * @param level of its multipart among those around; −1 for the end
     */
    private record Stop(int level, boolean closes) {
        static final Stop END = new Stop(-1, true);
    }

    private void run() throws IOException, Refused {
        entity(1, false, false);
        if (!endsWithLine) {
            out.write(LINE_END);
        }
    }

    /**
     * A message or part, from its header to what ends it.
     *
     * @param inDigest whether it is a message unless it says otherwise (RFC 2046 §5.1.5)
     * @param signed whether a signature covers it
     */
    private Stop entity(int depth, boolean inDigest, boolean signed) throws IOException, Refused {
        var block = new ByteArrayOutputStream();
        var stop = header(block);
        var header = block.toByteArray();
        var fields = new FieldReader(new FieldCursor(header), false, limits, new Kept(limits.keptBytes()))
                .contentFields(inDigest);
        boolean binary = fields.encoding().equals("binary");
        if (binary && (signed || isPiece(fields))) {
            throw new Refused(Problem.NOT_TO_BE_ENCODED);
        }
        boolean isMultipart = fields.type().equals("multipart");
        boolean holdsParts =
                isMultipart || (isMessage(fields) && !fields.encoding().equals(BASE64));
        writeHeader(header, binary ? Optional.of(holdsParts ? LINES : BASE64) : Optional.empty());
        if (stop.isPresent()) {
            if (isMultipart) {
                throw new Refused(Problem.UNCLOSED);
            }
            return stop.get();
        }
        if (!holdsParts) {
            return binary ? encoded() : text();
        }
        if (depth >= limits.depth()) {
            throw new Refused(Problem.TOO_MANY_PARTS);
        }
        return isMultipart ? multipart(fields, depth, signed) : entity(depth + 1, false, signed);
    }

    /** {@link StructureScanner} opens it too, whatever its encoding says, unless that is base64. */
    private static boolean isMessage(ContentFields fields) {
        return fields.is("message", "rfc822") || fields.is("message", "global");
    }

    private static boolean isPiece(ContentFields fields) {
        return fields.is("message", "partial") || fields.is("message", "external-body");
    }

    /** Reads through the blank line, or up to what ends the part without one. */
    private Optional<Stop> header(ByteArrayOutputStream block) throws IOException, Refused {
        while (pieces.next()) {
            var stop = stopAt();
            if (stop.isPresent()) {
                return stop;
            }
            checkText();
            block.write(pieces.buffer(), pieces.from(), pieces.to() - pieces.from());
            // The line end that a message without one gets counts too: what has been made text can be read as one
            // again.
            if (block.size() + (pieces.endsLine() ? 0 : LINE_END.length) > limits.headerBytes()) {
                throw new Refused(Problem.HEADER_TOO_LONG);
            }
            if (pieces.isBlankLine()) {
                return Optional.empty();
            }
        }
        return Optional.of(Stop.END);
    }

    /** @param encoding the content's from now on, where it is another */
    private void writeHeader(byte[] header, Optional<String> encoding) throws IOException {
        endsWithLine = header.length == 0 || header[header.length - 1] == '\n';
        if (encoding.isEmpty()) {
            out.write(header);
            return;
        }
        var cursor = new FieldCursor(header);
        boolean told = false;
        while (cursor.next()) {
            if (!cursor.isNamed(FIELD)) {
                out.write(header, cursor.start(), cursor.end() - cursor.start());
            } else if (!told) { // The first counts: another would say something else.
                out.write((FIELD + ": " + encoding.get() + "\r\n").getBytes(StandardCharsets.US_ASCII));
                told = true;
            }
        }
        out.write(header, cursor.end(), header.length - cursor.end());
    }

    private Stop multipart(ContentFields fields, int depth, boolean inSigned) throws IOException, Refused {
        var boundary =
                fields.parameter("boundary").map(StructureScanner::trimEnd).orElse("");
        if (boundary.isEmpty() || boundary.length() > limits.boundaryBytes()) {
            throw new Refused(Problem.UNCLOSED);
        }
        boolean inDigest = fields.subtype().equals("digest");
        boolean signed = inSigned || fields.subtype().equals("signed");
        int level = boundaries.size();
        boundaries.add(boundary);
        var stop = text(); // What is in front of the first part.
        while (stop.level() == level && !stop.closes()) {
            writePiece();
            if (++parts > limits.parts()) {
                throw new Refused(Problem.TOO_MANY_PARTS);
            }
            stop = entity(depth + 1, inDigest, signed);
        }
        if (stop.level() != level) {
            throw new Refused(Problem.UNCLOSED);
        }
        writePiece();
        boundaries.removeLast();
        return text(); // What is behind the last one.
    }

    /** Passes on what is text, byte for byte. */
    private Stop text() throws IOException, Refused {
        while (pieces.next()) {
            var stop = stopAt();
            if (stop.isPresent()) {
                return stop.get();
            }
            checkText();
            writePiece();
        }
        return Stop.END;
    }

    /** The line end in front of a delimiter is the delimiter's (RFC 2046 §5.1.1). */
    private Stop encoded() throws IOException {
        var lines = new Base64Lines(out);
        boolean heldLineEnd = false;
        while (pieces.next()) {
            var stop = stopAt();
            if (stop.isPresent()) {
                lines.flush();
                if (heldLineEnd) {
                    out.write(LINE_END);
                }
                return stop.get();
            }
            if (heldLineEnd) {
                lines.add(LINE_END, 0, LINE_END.length);
            }
            lines.add(pieces.buffer(), pieces.from(), pieces.textEnd());
            heldLineEnd = pieces.endsLine();
            endsWithLine = false;
        }
        if (heldLineEnd) {
            lines.add(LINE_END, 0, LINE_END.length);
        }
        lines.flush();
        return Stop.END;
    }

    private void writePiece() throws IOException {
        out.write(pieces.buffer(), pieces.from(), pieces.to() - pieces.from());
        endsWithLine = pieces.endsLine();
    }

    /** Whether the piece at hand is a delimiter of a multipart around; the innermost is asked first. */
    private Optional<Stop> stopAt() {
        int from = pieces.from();
        int end = pieces.textEnd();
        if (boundaries.isEmpty()
                || !pieces.startsLine()
                || end - from < 3 // A boundary is not empty.
                || end - from > 2 + limits.boundaryBytes() + 2 + PADDING
                || pieces.buffer()[from] != '-'
                || pieces.buffer()[from + 1] != '-') {
            return Optional.empty();
        }
        int lineEnd = end;
        while (lineEnd > from && (pieces.buffer()[lineEnd - 1] == ' ' || pieces.buffer()[lineEnd - 1] == '\t')) {
            lineEnd--;
        }
        var line = new String(pieces.buffer(), from + 2, Math.max(0, lineEnd - from - 2), StandardCharsets.ISO_8859_1);
        for (int level = boundaries.size() - 1; level >= 0; level--) {
            var boundary = boundaries.get(level);
            if (line.equals(boundary)) {
                return Optional.of(new Stop(level, false));
            }
            if (line.equals(boundary + "--")) {
                return Optional.of(new Stop(level, true));
            }
        }
        return Optional.empty();
    }

    private void checkText() throws Refused {
        for (int at = pieces.from(); at < pieces.textEnd(); at++) {
            byte b = pieces.buffer()[at];
            if (b == 0) {
                throw new Refused(Problem.NUL);
            }
            if (b == '\r' || b == '\n') {
                throw new Refused(Problem.BARE_LINE_END);
            }
        }
        lineLength = pieces.textEnd() - pieces.from() + (pieces.startsLine() ? 0 : lineLength);
        if (lineLength > textLine) {
            throw new Refused(Problem.LINE_TOO_LONG);
        }
    }

    /** Ends the work, however deep in it. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final Problem problem;

        Refused(Problem problem) {
            super(problem.name(), null, false, false);
            this.problem = problem;
        }
    }
}
