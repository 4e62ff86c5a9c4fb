package org.postern.mime;

/** A line of text made from characters as they come: white space folded to one space, what nobody sees left out, bounded. */
final class FoldedLine {
    private final int most;
    private final StringBuilder text = new StringBuilder(256);
    private int codePoints;
    private boolean space;
    private char high;

    /** @param most code points */
    FoldedLine(int most) {
        this.most = most;
    }

    boolean isFull() {
        return codePoints >= most;
    }

    void add(char c) {
        if (Character.isHighSurrogate(c)) {
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
        if (isFull()) {
            return;
        }
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            space = codePoints > 0;
            return;
        }
        if (isInvisible(c)) {
            return;
        }
        if (space) {
            space = false;
            text.append(' ');
            codePoints++;
            if (isFull()) {
                return;
            }
        }
        text.appendCodePoint(c);
        codePoints++;
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
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.substring(0, end);
    }
}
