package org.postern.mime.bytes;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one message, readable many times and by range: a {@link Spool}, or a content in the store. */
public interface MessageBytes {
    /** Bytes, 0 to 2 GiB − 1. */
    long size();

    /**
     * The {@code length} bytes from {@code from} on.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the message
     */
    InputStream open(long from, long length) throws IOException;

    /** The whole message. */
    default InputStream open() throws IOException {
        return open(0, size());
    }
}
