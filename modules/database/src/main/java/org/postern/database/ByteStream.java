package org.postern.database;

import java.io.InputStream;

/**
 * A parameter of type {@code bytea} that is sent from a stream and never held in memory.
 *
 * @param length how many bytes {@code in} gives, exactly; at most {@value #MAX_LENGTH}
 */
public record ByteStream(InputStream in, long length) {
    /** What PostgreSQL holds in one value (1 GiB) less room for its headers. */
    public static final long MAX_LENGTH = (1L << 30) - (1L << 16);

    public ByteStream {
        if (length < 0 || length > MAX_LENGTH) {
            throw new IllegalArgumentException("a value has 0 to " + MAX_LENGTH + " bytes: " + length);
        }
    }
}
