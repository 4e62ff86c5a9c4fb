package org.postern.imap.fetch;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mailstore.MessageContent;
import org.postern.mime.PartBytes;
import org.postern.mime.Structure;

/**
 * The decoded bytes of one message's parts (RFC 3516 §4.3). What is encoded is decoded twice, to count and to send: a
 * literal says its length first, and no large part is ever whole in memory.
 */
final class BinarySections {
    private final MessageContent message;

    BinarySections(MessageContent message) {
        this.message = message;
    }

    /** Whether the part's encoding is one we know; true of parts that are not there, which are NIL. */
    boolean isDecodable(List<Integer> path) {
        return message.structure().part(path).map(PartBytes::isDecodable).orElse(true);
    }

    /** @param path empty for the whole message, which has no encoding */
    Octets octets(List<Integer> path, Optional<Partial> partial) throws IOException {
        if (path.isEmpty()) {
            return asItIs(0, message.size(), partial);
        }
        var found = message.structure().part(path);
        if (found.isEmpty()) {
            return new Octets.None();
        }
        var part = found.get();
        if (!PartBytes.isEncoded(part)) {
            return asItIs(part.extent().bodyStart(), part.extent().bodyEnd(), partial);
        }
        long origin = partial.map(Partial::origin).orElse(0L);
        long count =
                Math.min(partial.map(Partial::count).orElse(Long.MAX_VALUE), Math.max(0, decodedSize(part) - origin));
        return new Octets.Streamed(count, out -> decode(part, origin, count, out));
    }

    /** Bytes; 0 of a part that is not there. */
    long size(List<Integer> path) throws IOException {
        if (path.isEmpty()) {
            return message.size();
        }
        var part = message.structure().part(path);
        if (part.isEmpty()) {
            return 0;
        }
        return PartBytes.isEncoded(part.get())
                ? decodedSize(part.get())
                : part.get().extent().bodySize();
    }

    private Octets asItIs(long from, long to, Optional<Partial> partial) {
        long start = Math.min(from + partial.map(Partial::origin).orElse(0L), to);
        long length = Math.min(partial.map(Partial::count).orElse(Long.MAX_VALUE), to - start);
        return new Octets.Streamed(length, out -> message.writeTo(out, start, length));
    }

    private long decodedSize(Structure part) throws IOException {
        try (var decoded = PartBytes.open(part, message.bytes())) {
            return decoded.transferTo(OutputStream.nullOutputStream());
        }
    }

    private void decode(Structure part, long origin, long count, OutputStream out) throws IOException {
        if (count == 0) {
            return; // From beyond its end on.
        }
        try (var decoded = PartBytes.open(part, message.bytes())) {
            decoded.skipNBytes(origin);
            var piece = new byte[8 << 10];
            for (long left = count; left > 0; ) {
                int got = decoded.read(piece, 0, (int) Math.min(piece.length, left));
                if (got < 0) {
                    throw new IOException("a part decoded to fewer bytes than before");
                }
                out.write(piece, 0, got);
                left -= got;
            }
        }
    }
}
