package org.postern.mime;

import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of a header block, each with its folded lines (RFC 5322 §2.2). A line that is no field and continues none (an mbox
 * "From " line, garbage) is a field without a name.
 */
final class FieldCursor {
    private final byte[] block;
    private final int limit;
    private int start;
    private int nameEnd;
    private int end;

    FieldCursor(byte[] block) {
        this(block, 0, block.length);
    }

    /** A header block inside more; not changed while it is read. */
    FieldCursor(byte[] bytes, int from, int to) {
        this.block = bytes;
        this.end = from;
        this.limit = to;
    }

    /** To the next field; false at the blank line or the end of the block. */
    boolean next() {
        if (end >= limit || atBlankLine(end)) {
            return false;
        }
        start = end;
        end = lineEnd(start);
        while (end < limit && (block[end] == ' ' || block[end] == '\t')) {
            end = lineEnd(end);
        }
        nameEnd = findNameEnd();
        return true;
    }

    /** Where the field's first line starts. */
    int start() {
        return start;
    }

    /** Behind the line end of its last line. */
    int end() {
        return end;
    }

    boolean hasName() {
        return nameEnd > start;
    }

    /** 0 when the line has no name. */
    int nameLength() {
        return nameEnd - start;
    }

    /** In lower case; empty when the line has no name. */
    String name() {
        return hasName() ? Ascii.lower(new String(block, start, nameEnd - start, StandardCharsets.ISO_8859_1)) : "";
    }

    boolean isNamed(String name) {
        if (nameEnd - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Ascii.lower((char) (block[start + i] & 0xFF)) != Ascii.lower(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /**
     * The value unfolded, as wire text without surrounding white space; NUL and stray line ends, which no IMAP string may hold, are
     * spaces.
     *
     * @param maxBytes how much of the field is read
     */
    String value(int maxBytes) {
        int from = start;
        if (hasName()) {
            from = nameEnd;
            while (block[from] != ':') {
                from++;
            }
            from++;
        }
        int to = (int) Math.min(end, from + (long) maxBytes);
        while (from < to && isSpace(block[from])) {
            from++;
        }
        while (to > from && isSpace(block[to - 1])) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (isLineEndOrNul(block[i])) {
                return unfolded(from, to, i);
            }
        }
        return new String(block, from, to - from, StandardCharsets.ISO_8859_1);
    }

    private String unfolded(int from, int to, int firstOdd) {
        var text = new byte[to - from];
        System.arraycopy(block, from, text, 0, firstOdd - from);
        int length = firstOdd - from;
        for (int i = firstOdd; i < to; i++) {
            byte b = block[i];
            if (b == '\n' || (b == '\r' && i + 1 < to && block[i + 1] == '\n')) {
                continue; // The white space behind it stays (RFC 5322 §2.2.3).
            }
            text[length++] = isLineEndOrNul(b) ? (byte) ' ' : b;
        }
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    private boolean atBlankLine(int at) {
        return block[at] == '\n' || (block[at] == '\r' && at + 1 < limit && block[at + 1] == '\n');
    }

    private int lineEnd(int from) {
        int lineFeed = ByteSearch.indexOf((byte) '\n', block, from, limit);
        return lineFeed < 0 ? limit : lineFeed + 1;
    }

    /** Behind the name; {@code start} when there is none. Space before the colon is obsolete but alive (RFC 5322 §4.5). */
    private int findNameEnd() {
        int at = start;
        while (at < end && block[at] > ' ' && block[at] < 0x7F && block[at] != ':') {
            at++;
        }
        int behindName = at;
        while (at < end && (block[at] == ' ' || block[at] == '\t')) {
            at++;
        }
        return at < end && block[at] == ':' ? behindName : start;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean isLineEndOrNul(byte b) {
        return b == '\r' || b == '\n' || b == 0;
    }
}
