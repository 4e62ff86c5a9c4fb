package org.postern.mime.bytes;

import java.io.IOException;
import java.io.InputStream;

/** Where the bytes of a {@link Spool} are kept. Written by one thread, then finished, then read by any. */
sealed interface SpoolPlace permits SpoolHeap, SpoolPieces, SpoolFile {
    /** @return whether there was room; if not, nothing was taken */
    boolean append(byte[] bytes, int offset, int length) throws IOException;

    long size();

    /** No more will come. */
    void finish() throws IOException;

    InputStream open(long from, long length);

    /** Gives the room back. */
    void close() throws IOException;
}
