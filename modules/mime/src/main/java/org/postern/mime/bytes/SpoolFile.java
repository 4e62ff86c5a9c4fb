package org.postern.mime.bytes;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file that nobody else can read and that has no name once it is open. */
final class SpoolFile implements SpoolPlace {
    /** Also keeps the JDK's per-thread direct buffers small: a channel copies each heap buffer through one of its size. */
    private static final int BUFFER_BYTES = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final FileChannel file;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int held;
    private long size;

    private SpoolFile(FileChannel file) {
        this.file = file;
    }

    /** {@code createTempFile} makes the file for its owner alone, under a name nobody can guess. */
    static SpoolFile in(Path directory) throws IOException {
        var path = Files.createTempFile(directory, "message-", ".spool");
        try {
            return new SpoolFile(FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE));
        } finally {
            // Where an open file cannot be unlinked (not on POSIX systems), DELETE_ON_CLOSE does it later.
            path.toFile().delete();
        }
    }

    @Override
    public boolean append(byte[] bytes, int offset, int length) throws IOException {
        if (held + length > BUFFER_BYTES) {
            flush();
        }
        if (length >= BUFFER_BYTES) {
            write(bytes, offset, length);
        } else {
            System.arraycopy(bytes, offset, buffer, held, length);
            held += length;
        }
        size += length;
        return true;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void finish() throws IOException {
        flush();
        buffer = NOTHING;
    }

    private void flush() throws IOException {
        write(buffer, 0, held);
        held = 0;
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int piece = Math.min(BUFFER_BYTES, length - done);
            done += file.write(ByteBuffer.wrap(bytes, offset + done, piece));
        }
    }

    @Override
    public InputStream open(long from, long length) {
        return new BufferedInputStream(new FileRange(file, from, from + length), BUFFER_BYTES / 4);
    }

    @Override
    public void close() throws IOException {
        buffer = NOTHING;
        file.close();
    }
}
