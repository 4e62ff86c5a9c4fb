package org.postern.delivery.relay.client;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postern.mime.bytes.MessageBytes;

/** The bytes of a message, and where they have eighth bits; looked through only when a host makes that matter. */
public final class Content {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final MessageBytes bytes;
    private @Nullable EighthBits eighthBits;

    private record EighthBits(boolean inHeader, boolean inBody) {}

    public Content(MessageBytes bytes) {
        this.bytes = bytes;
    }

    MessageBytes bytes() {
        return bytes;
    }

    /** Whether the header has UTF-8 (RFC 6532). */
    boolean hasEightBitHeader() throws IOException {
        return look().inHeader();
    }

    boolean isEightBit() throws IOException {
        return look().inHeader() || look().inBody();
    }

    private EighthBits look() throws IOException {
        var known = eighthBits;
        if (known == null) {
            known = lookThrough();
            eighthBits = known;
        }
        return known;
    }

    private EighthBits lookThrough() throws IOException {
        boolean inHeader = false;
        boolean inBody = false;
        int lineEnds = 2; // A message may begin with its blank line.
        var buffer = new byte[BUFFER_BYTES];
        try (var in = bytes.open()) {
            for (int got = in.read(buffer); got >= 0 && !inBody; got = in.read(buffer)) {
                for (int i = 0; i < got; i++) {
                    byte b = buffer[i];
                    if (lineEnds < 2 * 2) {
                        lineEnds = b == (lineEnds % 2 == 0 ? '\r' : '\n') ? lineEnds + 1 : b == '\r' ? 1 : 0;
                        inHeader |= b < 0;
                    } else {
                        inBody |= b < 0;
                    }
                }
            }
        }
        return new EighthBits(inHeader, inBody);
    }
}
