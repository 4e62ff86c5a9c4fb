package org.postern.mime;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.postern.mime.bytes.MessageBytes;

/** The characters of one text part: its transfer encoding and charset undone as they stream by (RFC 2045 §6, RFC 2046 §4.1.2). */
final class PartText {
    /** How much is looked at to tell UTF-8 from Latin where nothing trustworthy is said. */
    private static final int GUESS_BYTES = 8 * 1024;

    private PartText() {}

    /**
     * @param most bytes of the body that are read
     * @param piece bytes that are decoded at once: who reads little should not pay for large buffers
     */
    static Reader open(Structure part, MessageBytes message, long most, int piece) throws IOException {
        var extent = part.extent();
        var fields = part.fields();
        long size = Math.min(most, extent.bodySize());
        var decoded = TransferDecoding.decode(message.open(extent.bodyStart(), size), fields.encoding(), piece);
        var name = fields.parameter("charset").orElse("");
        var charset = Charsets.isAscii(name) ? null : Charsets.named(name).orElse(null);
        return charset != null ? reader(decoded, charset, piece) : guessed(decoded, size, piece);
    }

    /** @param size at most so many bytes there are: no decoding makes more of them */
    private static Reader guessed(InputStream in, long size, int piece) throws IOException {
        var first = in.readNBytes((int) Math.min(GUESS_BYTES, size));
        int whole = first.length;
        // The look may have cut a character in two: up to three bytes of its beginning do not count.
        if (first.length == GUESS_BYTES) {
            for (int i = 0; i < 3 && first[whole - 1] < 0 && (first[whole - 1] & 0xC0) == 0x80; i++) {
                whole--;
            }
            if ((first[whole - 1] & 0xC0) == 0xC0) {
                whole--;
            }
        }
        var charset = Charsets.isUtf8(first, 0, whole) ? StandardCharsets.UTF_8 : Charsets.LATIN;
        return reader(new SequenceInputStream(new ByteArrayInputStream(first), in), charset, piece);
    }

    private static Reader reader(InputStream in, Charset charset, int piece) {
        return Channels.newReader(
                new Bytes(in),
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE),
                piece);
    }

    /** A stream as a channel, for only of channels the JDK makes readers with a buffer as small as one likes; it lies in heap. */
    private record Bytes(InputStream in) implements ReadableByteChannel {
        @Override
        public int read(ByteBuffer into) throws IOException {
            int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
            into.position(into.position() + Math.max(0, count));
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
