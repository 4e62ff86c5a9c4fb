package org.postern.smtp.message;

import org.postern.net.ByteScanner;

/**
 * The bytes of BDAT's chunks (RFC 3030 §2), counted and passed on as they are; one reader for all chunks of a message, for a
 * line may lie in two of them. What it says of the text is looked at when the last chunk is in.
 */
public final class ChunkReader implements ByteScanner, MessageReader {
    private final Sink sink;

    private long left;
    private long lineLength;
    private long longestLine;
    private boolean hasNul;
    private boolean hasBareLineEnd;
    private byte last = '\n'; // An empty message ends well.

    public ChunkReader(Sink sink) {
        this.sink = sink;
    }

    /** A chunk begins. */
    public void expect(long bytes) {
        left = bytes;
    }

    /** Of the chunk at hand. */
    public boolean isComplete() {
        return left == 0;
    }

    /** Whether the last line so far has its line end. */
    public boolean endsWithLine() {
        return last == '\n';
    }

    @Override
    public int take(byte[] chunk, int from, int to) {
        int length = (int) Math.min(left, to - from);
        for (int at = from; at < from + length; at++) {
            look(chunk[at]);
        }
        sink.take(chunk, from, length);
        left -= length;
        return length;
    }

    private void look(byte b) {
        boolean afterCr = last == '\r';
        hasBareLineEnd |= afterCr != (b == '\n');
        hasNul |= b == 0;
        if (b == '\n') {
            lineLength = 0;
        } else if (b != '\r') {
            longestLine = Math.max(longestLine, ++lineLength);
        }
        last = b;
    }

    @Override
    public long longestLine() {
        return longestLine;
    }

    @Override
    public boolean hasNul() {
        return hasNul;
    }

    /** A CR at the very end has no LF behind it either. */
    @Override
    public boolean hasBareLineEnd() {
        return hasBareLineEnd || last == '\r';
    }
}
