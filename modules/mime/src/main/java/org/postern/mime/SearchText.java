package org.postern.mime;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Text;
import org.postern.mime.bytes.MessageBytes;

/**
 * The readable text of a message for SEARCH BODY and TEXT (RFC 9051 §6.4.4): transfer encodings and charsets undone, as a stream, in
 * memory that does not grow with the message. HTML is searched with its tags; what is not text is not searched.
 */
public final class SearchText {
    private static final int CHUNK = 8 * 1024;

    private SearchText() {}

    /** One part's text; empty when it is not text. The reader ends after {@code maxChars}. */
    public static Reader ofPart(Structure part, MessageBytes message, long maxChars) {
        var pieces = new ArrayList<Piece>(1);
        if (part instanceof Text) {
            pieces.add(() -> PartText.open(part, message, Long.MAX_VALUE, CHUNK));
        }
        return new Pieces(pieces, maxChars);
    }

    /** SEARCH BODY: every text part, and header and text of every message inside, one after another. */
    public static Reader body(Structure structure, MessageBytes message, long maxChars) {
        var pieces = new ArrayList<Piece>();
        collect(structure, message, pieces);
        return new Pieces(pieces, maxChars);
    }

    /** SEARCH TEXT: the message's header, then its body. */
    public static Reader text(Structure structure, MessageBytes message, long maxChars) {
        var pieces = new ArrayList<Piece>();
        pieces.add(() -> header(structure, message));
        collect(structure, message, pieces);
        return new Pieces(pieces, maxChars);
    }

    /**
     * Whether the text holds the string, both folded as i;unicode-casemap does (RFC 5051). Reads no further than needed; does not close
     * the reader.
     */
    public static boolean contains(Reader text, String string) throws IOException {
        var wanted = fold(string);
        if (wanted.isEmpty()) {
            return true;
        }
        var chunk = new char[CHUNK];
        var held = new StringBuilder(); // Read but not folded: marks behind it may still belong to its last character.
        var folded = new StringBuilder();
        while (true) {
            int count = text.read(chunk, 0, CHUNK);
            if (count > 0) {
                held.append(chunk, 0, count);
            }
            int cut = count < 0 ? held.length() : lastStart(held);
            folded.append(fold(held.substring(0, cut)));
            held.delete(0, cut);
            if (folded.indexOf(wanted) >= 0) {
                return true;
            }
            if (count < 0) {
                return false;
            }
            folded.delete(0, Math.max(0, folded.length() - wanted.length() + 1));
        }
    }

    /** Where the last character starts that is no mark and no half of one; the end when there are only such. */
    private static int lastStart(CharSequence text) {
        int least = Math.max(0, text.length() - 64);
        for (int i = text.length() - 1; i > least; i--) {
            char c = text.charAt(i);
            if (!Character.isLowSurrogate(c) && Character.getType(c) != Character.NON_SPACING_MARK) {
                return i;
            }
        }
        return text.length();
    }

    /** The form in which i;unicode-casemap compares (RFC 5051 §2): title case of each character, then decomposed. */
    public static String fold(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return foldUnicode(text);
            }
        }
        var chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] >= 'a' && chars[i] <= 'z') {
                chars[i] = (char) (chars[i] & ~0x20);
            }
        }
        return new String(chars);
    }

    private static String foldUnicode(String text) {
        var title = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            title.appendCodePoint(Character.toTitleCase(c)); // Of one character: no locale has a say.
            i += Character.charCount(c);
        }
        return Normalizer.normalize(title, Normalizer.Form.NFKD);
    }

    private static void collect(Structure structure, MessageBytes message, List<Piece> into) {
        switch (structure) {
            case Text text -> into.add(() -> PartText.open(text, message, Long.MAX_VALUE, CHUNK));
            case Basic basic -> {}
            case MessagePart inside -> {
                into.add(() -> header(inside.body(), message));
                collect(inside.body(), message, into);
            }
            case Multipart multipart -> multipart.parts().forEach(part -> collect(part, message, into));
        }
    }

    /** The header that belongs to {@code body}: its fields, readable, one a line. */
    public static Reader header(Structure body, MessageBytes message) throws IOException {
        var extent = body.extent();
        try (var in = message.open(extent.headerStart(), extent.headerSize())) {
            return new StringReader(Headers.of(in.readAllBytes()).text());
        }
    }

    /** A reader not opened yet. */
    @FunctionalInterface
    private interface Piece {
        Reader open() throws IOException;
    }

    /** The pieces one after another, a line end between them, up to a bound. Only one is open at a time. */
    private static final class Pieces extends Reader {
        private final Iterator<Piece> rest;
        private Reader current = Reader.nullReader();
        private long left;

        Pieces(List<Piece> pieces, long maxChars) {
            this.rest = pieces.iterator();
            this.left = maxChars;
        }

        @Override
        public int read(char[] into, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, into.length);
            if (count == 0) {
                return 0;
            }
            if (left <= 0) {
                return -1;
            }
            int got = current.read(into, offset, (int) Math.min(count, left));
            if (got < 0) {
                if (!rest.hasNext()) {
                    return -1;
                }
                current.close();
                current = rest.next().open();
                into[offset] = '\n';
                got = 1;
            }
            left -= got;
            return got;
        }

        @Override
        public void close() throws IOException {
            current.close();
        }
    }
}
