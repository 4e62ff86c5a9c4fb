package org.postern.mime.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one message on its way in or out, in bounded memory: in heap of its own while small, then in the {@link SpoolMemory}
 * that all share while there is room, else in a temporary file.
 *
 * <p>Written once by one thread, then {@linkplain #finish finished}, then read any number of times by any thread, until closed. The
 * file is readable by its owner alone and is unlinked as soon as it is open, so that nothing stays behind when the process dies. An
 * interrupt of a thread that reads or writes closes the file: the spool is lost with the session that owned it.
 */
public final class Spool implements MessageBytes, AutoCloseable {
    private final @Nullable SpoolSettings settings;
    private SpoolPlace place;
    private boolean finished;
    private boolean closed;

    private Spool(@Nullable SpoolSettings settings, SpoolPlace place) {
        this.settings = settings;
        this.place = place;
    }

    /** An empty spool; neither shared memory nor a file is taken before the heap bound is met. */
    public static Spool in(SpoolSettings settings) {
        return new Spool(settings, SpoolHeap.upTo(settings.heapBytes()));
    }

    /** A finished spool over bytes already in heap, which the caller no longer changes: a bounce, a small generated message. */
    public static Spool of(byte[] bytes) {
        var spool = new Spool(null, SpoolHeap.of(bytes));
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
        if (length > settings.maxBytes() - place.size()) {
            throw new SpoolFull(settings.maxBytes());
        }
        while (!place.append(bytes, offset, length)) {
            moveOn(settings);
        }
    }

    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /** To where there is more room: from heap to shared memory, from there to a file. */
    private void moveOn(SpoolSettings settings) throws IOException {
        var left = place;
        place = left instanceof SpoolHeap ? new SpoolPieces(settings.memory()) : SpoolFile.in(settings.directory());
        try (var held = left.open(0, left.size())) {
            held.transferTo(out());
        } finally {
            left.close();
        }
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
        place.finish();
        finished = true;
    }

    @Override
    public long size() {
        return place.size();
    }

    /** Whether it is small enough for heap of its own. */
    public boolean inHeap() {
        return place instanceof SpoolHeap;
    }

    /** Whether a file holds its bytes. */
    boolean inFile() {
        return place instanceof SpoolFile;
    }

    /** All its bytes, from the first place on, while they are {@linkplain #inHeap in heap}; not to be changed. */
    public byte[] heap() {
        requireReadable();
        return ((SpoolHeap) place).bytes();
    }

    @Override
    public InputStream open(long from, long length) {
        requireReadable();
        Objects.checkFromIndexSize(from, length, place.size());
        return place.open(from, length);
    }

    private void requireReadable() {
        if (!finished || closed) {
            throw new IllegalStateException(closed ? "spool is closed" : "spool is not finished");
        }
    }

    /** Frees memory and disk. Idempotent; streams opened before may fail from here on. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            place.close();
        }
    }
}
