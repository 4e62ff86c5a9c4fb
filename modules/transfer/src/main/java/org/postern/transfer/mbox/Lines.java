package org.postern.transfer.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** The lines of a file, one after another or from anywhere; of a long one only the beginning is held. */
final class Lines {
    private static final int BUFFER = 64 * 1024;
    private static final int HEAD = 1024;

    private final FileChannel file;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] head = new byte[HEAD];
    private long bufferAt;
    private int buffered;
    private int headLength;
    private long start;
    private long end;

    Lines(FileChannel file) {
        this.file = file;
    }

    /** The next line will be the one that begins there. */
    void seek(long position) {
        end = position;
    }

    /** @return false at the end of the file */
    boolean next() throws IOException {
        start = end;
        headLength = 0;
        long at = start;
        while (holds(at)) {
            int from = (int) (at - bufferAt);
            int to = from;
            while (to < buffered && buffer[to] != '\n') {
                to++;
            }
            boolean whole = to < buffered;
            to += whole ? 1 : 0;
            int kept = Math.min(to - from, head.length - headLength);
            System.arraycopy(buffer, from, head, headLength, kept);
            headLength += kept;
            at += to - from;
            if (whole) {
                break;
            }
        }
        end = at;
        return end > start;
    }

    private boolean holds(long at) throws IOException {
        if (at >= bufferAt && at < bufferAt + buffered) {
            return true;
        }
        bufferAt = at;
        buffered = Math.max(0, file.read(ByteBuffer.wrap(buffer), at));
        return buffered > 0;
    }

    /** Where the line begins in the file. */
    long start() {
        return start;
    }

    /** Behind its line end. */
    long end() {
        return end;
    }

    boolean isBlank() {
        return (headLength > 0 && head[0] == '\n') || (headLength > 1 && head[0] == '\r' && head[1] == '\n');
    }

    boolean beginsFrom() {
        return FromLine.begins(head, 0, headLength);
    }

    /** The beginning of the line, without its line end. */
    String text() {
        return new String(head, 0, headLength, StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
