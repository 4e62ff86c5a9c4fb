package org.postern.imap.reply;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One response in the making: bytes, reused from response to response and small again after a large one. */
final class WireText {
    private static final int FIRST_BYTES = 256;
    private static final int KEPT_BYTES = 8 << 10;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int used;

    WireText add(char c) {
        room(1);
        bytes[used++] = (byte) c;
        return this;
    }

    /** Characters up to 255, one byte each. */
    @SuppressWarnings("deprecation") // The one way to copy Latin-1 without an array in between.
    WireText add(String text) {
        room(text.length());
        text.getBytes(0, text.length(), bytes, used);
        used += text.length();
        return this;
    }

    /** The bytes of its UTF-8, one character each. */
    static String utf8(String value) {
        return new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    WireText add(long number) {
        return add(Long.toString(number));
    }

    WireText add(byte[] some, int from, int length) {
        room(length);
        System.arraycopy(some, from, bytes, used, length);
        used += length;
        return this;
    }

    int length() {
        return used;
    }

    /** What has been added since it was so long. */
    byte[] from(int length) {
        return Arrays.copyOfRange(bytes, length, used);
    }

    private void room(int more) {
        if (used + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + more, bytes.length * 2));
        }
    }

    void clear() {
        used = 0;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, used);
        used = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[FIRST_BYTES];
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, used, StandardCharsets.ISO_8859_1);
    }
}
