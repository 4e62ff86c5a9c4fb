package org.postern.delivery.dsn;

import java.util.Arrays;

/**
 * What of the message goes back to its sender.
 *
 * @param bytes of the whole message, or of its header without the blank line
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Original(byte[] bytes, boolean whole) {
    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

    public static Original whole(byte[] message) {
        return new Original(message, true);
    }

    /** @param beginning of the message; where the header is longer, as much of it as whole lines are there */
    public static Original header(byte[] beginning) {
        int end = endOfHeader(beginning);
        return new Original(Arrays.copyOf(beginning, end), false);
    }

    private static int endOfHeader(byte[] bytes) {
        int lastLine = 0;
        for (int i = 0; i + 1 < bytes.length; i++) {
            if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
                continue;
            }
            lastLine = i + 2;
            if (i + BLANK_LINE.length <= bytes.length
                    && Arrays.equals(bytes, i, i + BLANK_LINE.length, BLANK_LINE, 0, BLANK_LINE.length)) {
                return lastLine;
            }
        }
        return lastLine;
    }

    public boolean isEightBit() {
        for (byte each : bytes) {
            if (each < 0) {
                return true;
            }
        }
        return false;
    }
}
