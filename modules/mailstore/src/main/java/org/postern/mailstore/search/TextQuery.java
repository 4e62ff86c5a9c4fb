package org.postern.mailstore.search;

/**
 * A piece of text, and where it shall stand.
 *
 * @param text as the user wrote it: compared without regard to case, and never empty
 */
public record TextQuery(Where where, String text) {
    /** Parts of a message. */
    public enum Where {
        HEADER,
        BODY,
        HEADER_OR_BODY
    }

    /** Whether the index can tell: it keeps line ends that join texts, and characters that UTF-8 can write. */
    boolean isAnswerable() {
        return !text.isEmpty() && text.codePoints().noneMatch(TextQuery::isOddity);
    }

    private static boolean isOddity(int codePoint) {
        return codePoint < ' ' || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }
}
