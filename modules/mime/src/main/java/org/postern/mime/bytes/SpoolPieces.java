package org.postern.mime.bytes;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Pieces of the {@link SpoolMemory} that a node's messages share. */
final class SpoolPieces implements SpoolPlace {
    private final SpoolMemory memory;
    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    SpoolPieces(SpoolMemory memory) {
        this.memory = memory;
    }

    @Override
    public boolean append(byte[] bytes, int offset, int length) {
        int more = Math.ceilDiv(size + length, SpoolMemory.PIECE_BYTES) - pieces.size();
        if (more > 0 && !memory.take(more, pieces.size())) {
            return false;
        }
        for (int i = 0; i < more; i++) {
            pieces.add(new byte[SpoolMemory.PIECE_BYTES]);
        }
        for (int done = 0; done < length; ) {
            int at = size % SpoolMemory.PIECE_BYTES;
            int count = Math.min(length - done, SpoolMemory.PIECE_BYTES - at);
            System.arraycopy(bytes, offset + done, pieces.get(size / SpoolMemory.PIECE_BYTES), at, count);
            size += count;
            done += count;
        }
        return true;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void finish() {
        // Nothing waits to be written.
    }

    @Override
    public InputStream open(long from, long length) {
        return new Range(List.copyOf(pieces), (int) from, (int) (from + length));
    }

    @Override
    public void close() {
        memory.giveBack(pieces.size());
        pieces.clear();
    }

    private static final class Range extends InputStream {
        private final List<byte[]> pieces;
        private final int end;
        private int at;

        Range(List<byte[]> pieces, int from, int end) {
            this.pieces = pieces;
            this.at = from;
            this.end = end;
        }

        @Override
        public int read() {
            return at == end ? -1 : piece()[at++ % SpoolMemory.PIECE_BYTES] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            if (at == end) {
                return -1;
            }
            int count = Math.min(length, atHand());
            System.arraycopy(piece(), at % SpoolMemory.PIECE_BYTES, into, offset, count);
            at += count;
            return count;
        }

        @Override
        public long transferTo(OutputStream out) throws IOException {
            int from = at;
            while (at < end) {
                int count = atHand();
                out.write(piece(), at % SpoolMemory.PIECE_BYTES, count);
                at += count;
            }
            return (long) at - from;
        }

        @Override
        public long skip(long count) {
            int skipped = Math.clamp(count, 0, end - at);
            at += skipped;
            return skipped;
        }

        @Override
        public int available() {
            return end - at;
        }

        private byte[] piece() {
            return pieces.get(at / SpoolMemory.PIECE_BYTES);
        }

        /** Bytes from here to the end of the piece. */
        private int atHand() {
            return Math.min(end - at, SpoolMemory.PIECE_BYTES - at % SpoolMemory.PIECE_BYTES);
        }
    }
}
