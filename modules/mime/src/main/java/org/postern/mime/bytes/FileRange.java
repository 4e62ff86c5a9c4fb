package org.postern.mime.bytes;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Positional reads of a part of a file; any number at once. Closing one leaves the file open. */
public final class FileRange extends InputStream {
    private static final int PIECE_BYTES = 64 * 1024;

    private final FileChannel file;
    private final long end;
    private long at;

    /** @param end where it ends: the byte after its last */
    public FileRange(FileChannel file, long from, long end) {
        this.file = file;
        this.at = from;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at >= end) {
            return -1;
        }
        int piece = (int) Math.min(Math.min(length, PIECE_BYTES), end - at);
        int got = file.read(ByteBuffer.wrap(into, offset, piece), at);
        if (got < 0) {
            throw new EOFException("the file was cut meanwhile");
        }
        at += got;
        return got;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, end - at));
        at += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - at);
    }
}
