package org.postern.transfer.mbox;

/** How lines of a body that begin with {@code From } are told from those between messages. */
public enum Quoting {
    /** mboxcl2 where a Content-Length leads to the next message, else mboxrd. */
    AUTO,
    /** {@code >*From } has one {@code >} more than it had. */
    MBOXRD,
    /** {@code >From } was {@code From } or itself: read as the first. */
    MBOXO,
    /** Content-Length says where a body ends; nothing is quoted. */
    MBOXCL2;

    /** Whether a Content-Length is looked at. */
    boolean trustsLengths() {
        return this == AUTO || this == MBOXCL2;
    }

    /**
     * How many bytes at the beginning of a line are only quoting.
     *
     * @param measured whether the message was found by its Content-Length
     */
    int quotes(byte[] line, int length, boolean measured) {
        int arrows = 0;
        while (arrows < length && line[arrows] == '>') {
            arrows++;
        }
        boolean quoted = arrows > 0 && FromLine.begins(line, arrows, length);
        return switch (this) {
            case AUTO -> quoted && !measured ? 1 : 0;
            case MBOXRD -> quoted ? 1 : 0;
            case MBOXO -> quoted && arrows == 1 ? 1 : 0;
            case MBOXCL2 -> 0;
        };
    }
}
