package org.postern.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.postern.database.Database;
import org.postern.mime.bytes.MessageBytes;

/**
 * The bytes of a queued message, read in slices as they are wanted: each a statement of its own, so that no transaction stays open for
 * as long as another host takes, and a large message is never in memory whole. One thread at a time.
 */
public final class QueuedContent implements MessageBytes {
    private static final int SLICE_BYTES = 256 * 1024;
    private static final byte[] NOTHING = {};

    private final Database database;
    private final long queueId;
    private final long size;
    private final Queue queue = new Queue();
    /** The slice read last: looking at a small message and sending it is one statement. */
    private byte[] slice = NOTHING;

    private long sliceFrom;

    public QueuedContent(Database database, QueuedMail mail) {
        this.database = database;
        this.queueId = mail.id();
        this.size = mail.size();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public InputStream open(long from, long length) {
        Objects.checkFromIndexSize(from, length, size);
        return new Slices(from, from + length);
    }

    private final class Slices extends InputStream {
        private final long end;
        private long at;

        Slices(long from, long end) {
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
            if (at < sliceFrom || at >= sliceFrom + slice.length) {
                fetch();
            }
            int skipped = (int) (at - sliceFrom);
            int piece = (int) Math.min(Math.min(length, slice.length - skipped), end - at);
            System.arraycopy(slice, skipped, into, offset, piece);
            at += piece;
            return piece;
        }

        private void fetch() throws IOException {
            long from = at - at % SLICE_BYTES;
            slice = database.once(tx -> queue.slice(tx, queueId, from, SLICE_BYTES))
                    .filter(bytes -> bytes.length > at - from)
                    .orElseThrow(() -> new IOException("message " + queueId + " has left the queue"));
            sliceFrom = from;
        }
    }
}
