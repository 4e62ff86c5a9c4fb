package org.postern.transfer.mbox;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.postern.mime.Headers;
import org.postern.mime.bytes.FileRange;
import org.postern.transfer.CanonicalLines;
import org.postern.transfer.MessageFacts;
import org.postern.transfer.SourceMessage;

/** One message of an mbox: where it is in the file. */
record MboxMessage(MessageFacts facts, Path file, Extent extent, Quoting quoting) implements SourceMessage {
    /**
     * Its place in the file, without the line before and the blank line behind it.
     *
     * @param body where the header has ended with its blank line
     * @param measured whether its end is where a Content-Length says
     */
    record Extent(long header, long body, long end, boolean measured) {
        Extent {
            if (header > body || body > end) {
                throw new IllegalArgumentException("header " + header + ", body " + body + ", end " + end);
            }
        }

        /** What is longer is body: it has none of the mbox's own fields that far down. */
        static final int MAX_HEADER = 256 * 1024;
    }

    @Override
    public InputStream open() throws IOException {
        return open(file, extent, quoting);
    }

    /** The message as it was before it came into the file: without the mbox's own fields, unquoted. */
    static InputStream open(Path file, Extent extent, Quoting quoting) throws IOException {
        var channel = FileChannel.open(file);
        try {
            var header = Headers.of(read(channel, extent.header, (int) (extent.body - extent.header)))
                    .except(Status.FIELDS);
            var body = new Unquoted(
                    closing(new FileRange(channel, extent.body, extent.end), channel), quoting, extent.measured);
            return new CanonicalLines(new SequenceInputStream(new ByteArrayInputStream(header), body));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    static byte[] read(FileChannel channel, long from, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the file was cut meanwhile");
            }
        }
        return bytes.array();
    }

    /** Closed with the file that it reads from. */
    private static InputStream closing(InputStream in, FileChannel file) {
        return new FilterInputStream(in) {
            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }
}
