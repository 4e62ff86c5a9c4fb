package org.postern.delivery;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Objects;
import org.postern.mime.bytes.MessageBytes;

/** A few bytes in front of a message's, without copying it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record PrefixedBytes(byte[] front, MessageBytes rest) implements MessageBytes {
    @Override
    public long size() {
        return front.length + rest.size();
    }

    @Override
    public InputStream open(long from, long length) throws IOException {
        Objects.checkFromIndexSize(from, length, size());
        int inFront = (int) Math.max(0, Math.min(length, front.length - from));
        if (inFront == 0) {
            return rest.open(from - front.length, length);
        }
        var beginning = new ByteArrayInputStream(front, (int) from, inFront);
        return length == inFront ? beginning : new SequenceInputStream(beginning, rest.open(0, length - inFront));
    }
}
