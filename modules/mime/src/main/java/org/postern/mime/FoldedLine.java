package org.postern.mime;

/** A line of text made from characters as they come: white space folded to one space, what nobody sees left out, bounded. */
final class FoldedLine {
    private final int most;
    private final char[] text;
    private int length;
    private int codePoints;
    private boolean space;
    private char high;

    /** @param most code points */
    FoldedLine(int most) {
        this.most = most;
        this.text = new char[2 * most];
    }

    boolean isFull() {
        return codePoints >= most;
    }

    /** As much of it as the line still takes. */
    void add(char[] chars, int count) {
        for (int i = 0; i < count && !isFull(); i++) {
            add(chars[i]);
        }
    }

    void add(char c) {
        if (c > ' ' && c < 0x7F) { // Most of any text: none of the questions below needs to be asked.
            high = 0;
            if (hasRoom()) {
                text[length++] = c;
            }
        } else if (Character.isHighSurrogate(c)) {
            high = c;
        } else if (Character.isLowSurrogate(c)) {
            if (high != 0) {
                addCodePoint(Character.toCodePoint(high, c));
            }
            high = 0;
        } else {
            high = 0;
            addCodePoint(c);
        }
    }

    void addCodePoint(int c) {
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            space = codePoints > 0;
        } else if (!isInvisible(c) && hasRoom()) {
            length += Character.toChars(c, text, length);
        }
    }

    /** Whether another visible character may follow, which is counted then; the space that is due comes before it. */
    private boolean hasRoom() {
        if (space && !isFull()) {
            space = false;
            text[length++] = ' ';
            codePoints++;
        }
        if (isFull()) {
            return false;
        }
        codePoints++;
        return true;
    }

    /** Controls (NUL could not even be stored), and the fillers with which newsletters keep their first lines out of previews. */
    private static boolean isInvisible(int c) {
        return Character.isISOControl(c)
                || c == 0x00AD
                || c == 0x034F
                || c == 0xFEFF
                || (c >= 0x200B && c <= 0x200F)
                || (c >= 0x202A && c <= 0x202E)
                || (c >= 0x2060 && c <= 0x206F)
                || (c >= 0xD800 && c <= 0xDFFF)
                || (c & 0xFFFE) == 0xFFFE;
    }

    String text() {
        int end = length;
        while (end > 0 && text[end - 1] == ' ') {
            end--;
        }
        return new String(text, 0, end);
    }
}
