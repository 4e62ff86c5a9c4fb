package org.postern.mime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message on its way in or out, in bounded memory: in heap while small, then in a temporary file.
 *
 * <p>Written once by one thread, then {@linkplain #finish finished}, then read any number of times by any thread, until closed. The
 * file is readable by its owner alone and is unlinked as soon as it is open, so that nothing stays behind when the process dies. An
 * interrupt of a thread that reads or writes closes the file: the spool is lost with the session that owned it.
 */
public final class Spool implements MessageBytes, AutoCloseable {
    private static final int FIRST_BYTES = 4 * 1024;
    /** Also keeps the JDK's per-thread direct buffers small: a channel copies each heap buffer through one of its size. */
    private static final int FILE_BUFFER_BYTES = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final @Nullable SpoolSettings settings;
    private byte[] heap;
    private int held;
    private long size;
    private @Nullable FileChannel file;
    private boolean finished;
    private boolean closed;

    private Spool(@Nullable SpoolSettings settings, byte[] heap, int held) {
        this.settings = settings;
        this.heap = heap;
        this.held = held;
        this.size = held;
    }

    /** An empty spool; no file is made before the heap bound is met. */
    public static Spool in(SpoolSettings settings) {
        return new Spool(settings, NOTHING, 0);
    }

    /** A finished spool over bytes already in heap, which the caller no longer changes: a bounce, a small generated message. */
    public static Spool of(byte[] bytes) {
        var spool = new Spool(null, bytes, bytes.length);
        spool.finished = true;
        return spool;
    }

    /**
     * Appends bytes.
     *
     * @throws SpoolFull when the message would pass the bound; it is not to be kept then
     * @throws IOException when the disk is full or gone
     */
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (finished || closed || settings == null) {
            throw new IllegalStateException("spool is finished");
        }
        if (length > settings.maxBytes() - size) {
            throw new SpoolFull(settings.maxBytes());
        }
        if (file == null && size + length <= settings.heapBytes()) {
            hold(bytes, offset, length, settings.heapBytes());
        } else {
            writeToFile(settings, bytes, offset, length);
        }
        size += length;
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /** This spool as a stream; closing the stream does nothing. */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                Spool.this.write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                Spool.this.write(bytes, offset, length);
            }
        };
    }

    /** Ends writing; from here on the spool can be read. Idempotent. */
    public void finish() throws IOException {
        if (finished) {
            return;
        }
        if (closed) {
            throw new IllegalStateException("spool is closed");
        }
        if (file != null) {
            flushHeld(file);
            heap = NOTHING;
        }
        finished = true;
    }

    @Override
    public long size() {
        return size;
    }

    /** Whether the bytes still fit in heap; false once a file holds them. */
    public boolean inHeap() {
        return file == null;
    }

    /** All its bytes, from the first place on, while they are {@linkplain #inHeap in heap}; not to be changed. */
    byte[] heap() {
        requireReadable();
        return heap;
    }

    @Override
    public InputStream open(long from, long length) {
        requireReadable();
        Objects.checkFromIndexSize(from, length, size);
        return file == null
                ? new java.io.ByteArrayInputStream(heap, (int) from, (int) length)
                : new BufferedInputStream(new FileRange(file, from, from + length), FILE_BUFFER_BYTES / 4);
    }

    private void requireReadable() {
        if (!finished || closed) {
            throw new IllegalStateException(closed ? "spool is closed" : "spool is not finished");
        }
    }

    /** Frees heap and disk. Idempotent; streams opened before fail from here on. */
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        heap = NOTHING;
        if (file != null) {
            file.close();
        }
    }

    private void hold(byte[] bytes, int offset, int length, int most) {
        int needed = held + length;
        if (needed > heap.length) {
            long roomier = Math.max(Math.max(FIRST_BYTES, needed), 2L * heap.length);
            heap = Arrays.copyOf(heap, (int) Math.max(needed, Math.min(roomier, most)));
        }
        System.arraycopy(bytes, offset, heap, held, length);
        held = needed;
    }

    private void writeToFile(SpoolSettings settings, byte[] bytes, int offset, int length) throws IOException {
        var channel = file;
        if (channel == null) {
            channel = unlinkedFile(settings);
            file = channel;
            flushHeld(channel);
            heap = NOTHING;
        }
        if (held + length > FILE_BUFFER_BYTES) {
            flushHeld(channel);
        }
        if (length >= FILE_BUFFER_BYTES) {
            writeFully(channel, bytes, offset, length);
        } else {
            hold(bytes, offset, length, FILE_BUFFER_BYTES);
        }
    }

    private void flushHeld(FileChannel channel) throws IOException {
        writeFully(channel, heap, 0, held);
        held = 0;
    }

    private static void writeFully(FileChannel channel, byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int piece = Math.min(FILE_BUFFER_BYTES, length - done);
            done += channel.write(ByteBuffer.wrap(bytes, offset + done, piece));
        }
    }

    /** {@code createTempFile} makes the file for its owner alone, under a name nobody can guess. */
    private static FileChannel unlinkedFile(SpoolSettings settings) throws IOException {
        var path = Files.createTempFile(settings.directory(), "message-", ".spool");
        try {
            return FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } finally {
            // Where an open file cannot be unlinked (not on POSIX systems), DELETE_ON_CLOSE does it later.
            path.toFile().delete();
        }
    }
}
