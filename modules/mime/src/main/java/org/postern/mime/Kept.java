package org.postern.mime;

import java.util.Optional;

/** What is left of {@link MimeLimits#keptBytes} while one message is parsed. */
final class Kept {
    /** Charged with every string: records and lists cost heap even when the text is one byte. */
    private static final int OVERHEAD = 16;

    private int left;

    Kept(int bytes) {
        this.left = bytes;
    }

    /** Whether a text of that length may still be kept; it is charged then. */
    boolean take(int length) {
        if (length + OVERHEAD > left) {
            return false;
        }
        left -= length + OVERHEAD;
        return true;
    }

    Optional<String> keep(String text) {
        return take(text.length()) ? Optional.of(text) : Optional.empty();
    }
}
