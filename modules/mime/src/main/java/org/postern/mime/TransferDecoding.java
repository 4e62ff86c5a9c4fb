package org.postern.mime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Content-Transfer-Encodings undone as the bytes stream by (RFC 2045 §6), in spite of damage: foreign characters in base64 are
 * skipped, padding in the middle begins anew, an = that quotes nothing stays.
 */
final class TransferDecoding {
    /** What is decoded at once where much is read. */
    static final int CHUNK = 8 * 1024;

    private static final byte[] SEXTETS = sextets();

    private TransferDecoding() {}

    private static byte[] sextets() {
        var table = new byte[256];
        Arrays.fill(table, (byte) -1);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < alphabet.length(); i++) {
            table[alphabet.charAt(i)] = (byte) i;
        }
        return table;
    }

    /**
     * The decoded bytes; those of an encoding nobody knows, or of none, as they are.
     *
     * @param chunk bytes that are decoded at once
     */
    static InputStream decode(InputStream encoded, String encoding, int chunk) {
        return switch (encoding) {
            case "base64" -> new Base64Stream(encoded, chunk);
            case "quoted-printable" -> new QuotedPrintableStream(encoded, chunk);
            default -> encoded;
        };
    }

    /** The "B" encoding of an encoded word (RFC 2047 §4.1). */
    static void base64(String text, int from, int to, ByteArrayOutputStream into) {
        int bits = 0;
        int held = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int sextet = c < 256 ? SEXTETS[c] : -1;
            if (c == '=') {
                held = 0;
            } else if (sextet >= 0) {
                bits = bits << 6 | sextet;
                held += 6;
                if (held >= 8) {
                    held -= 8;
                    into.write(bits >>> held);
                }
            }
        }
    }

    /** The "Q" encoding of an encoded word (RFC 2047 §4.2). */
    static void q(String text, int from, int to, ByteArrayOutputStream into) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '_') {
                into.write(' ');
            } else if (c == '='
                    && i + 2 < to
                    && Ascii.hex(text.charAt(i + 1)) >= 0
                    && Ascii.hex(text.charAt(i + 2)) >= 0) {
                into.write(Ascii.hex(text.charAt(i + 1)) << 4 | Ascii.hex(text.charAt(i + 2)));
                i += 2;
            } else {
                into.write(c);
            }
        }
    }

    /** Decodes chunk by chunk into a small buffer. */
    private abstract static class DecodingStream extends InputStream {
        private final InputStream encoded;
        private final byte[] chunk;
        private final byte[] decoded;
        private int at;
        private int length;
        private boolean ended;

        DecodingStream(InputStream encoded, int chunk) {
            this.encoded = encoded;
            this.chunk = new byte[chunk];
            this.decoded = new byte[chunk + 256];
        }

        /** Decodes the chunk; returns the new length of {@code into}, at most {@code count} + 256. */
        abstract int chunk(byte[] chunk, int count, byte[] into);

        /** What is left when the input ended; at most 256 bytes. */
        abstract int last(byte[] into);

        private boolean fill() throws IOException {
            while (at == length) {
                if (ended) {
                    return false;
                }
                int count = encoded.read(chunk, 0, chunk.length);
                at = 0;
                if (count < 0) {
                    ended = true;
                    length = last(decoded);
                } else {
                    length = chunk(chunk, count, decoded);
                }
            }
            return true;
        }

        @Override
        public int read() throws IOException {
            return fill() ? decoded[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] into, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, into.length);
            if (count == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int piece = Math.min(count, length - at);
            System.arraycopy(decoded, at, into, offset, piece);
            at += piece;
            return piece;
        }

        @Override
        public void close() throws IOException {
            encoded.close();
        }
    }

    private static final class Base64Stream extends DecodingStream {
        private int bits;
        private int held;

        Base64Stream(InputStream encoded, int chunk) {
            super(encoded, chunk);
        }

        @Override
        int chunk(byte[] chunk, int count, byte[] into) {
            int length = 0;
            for (int i = 0; i < count; i++) {
                int sextet = SEXTETS[chunk[i] & 0xFF];
                if (sextet >= 0) {
                    bits = bits << 6 | sextet;
                    held += 6;
                    if (held >= 8) {
                        held -= 8;
                        into[length++] = (byte) (bits >>> held);
                    }
                } else if (chunk[i] == '=') {
                    held = 0;
                }
            }
            return length;
        }

        @Override
        int last(byte[] into) {
            return 0;
        }
    }

    private static final class QuotedPrintableStream extends DecodingStream {
        /** More spaces at a line's end than this are content. */
        private static final int MAX_SPACES = 128;

        /** What followed the last =, not yet decided: at most the = and two more. */
        private final byte[] quote = new byte[3];

        private int quoted;
        /** White space that is dropped if the line ends behind it (RFC 2045 §6.7, rule 3). */
        private final byte[] spaces = new byte[MAX_SPACES];

        private int spaced;

        QuotedPrintableStream(InputStream encoded, int chunk) {
            super(encoded, chunk);
        }

        @Override
        int chunk(byte[] chunk, int count, byte[] into) {
            int length = 0;
            for (int i = 0; i < count; i++) {
                length = next(chunk[i], into, length);
            }
            return length;
        }

        private int next(byte b, byte[] into, int from) {
            int length = from;
            if (quoted > 0) {
                return inQuote(b, into, length);
            }
            if (b == ' ' || b == '\t') {
                if (spaced == MAX_SPACES) {
                    length = flushSpaces(into, length);
                }
                spaces[spaced++] = b;
                return length;
            }
            if (b == '\r' || b == '\n') {
                spaced = 0;
            } else {
                length = flushSpaces(into, length);
            }
            if (b == '=') {
                quote[0] = b;
                quoted = 1;
            } else {
                into[length++] = b;
            }
            return length;
        }

        private int inQuote(byte b, byte[] into, int from) {
            int length = from;
            byte first = quoted > 1 ? quote[1] : 0;
            if (quoted == 1) {
                if (b == '\n') {
                    quoted = 0; // Soft line break of a message with bare LFs.
                    return length;
                }
                if (b == '\r' || b == ' ' || b == '\t' || Ascii.hex(b) >= 0) {
                    quote[1] = b;
                    quoted = 2;
                    return length;
                }
            } else if (Ascii.hex(first) >= 0 && Ascii.hex(b) >= 0) {
                into[length++] = (byte) (Ascii.hex(first) << 4 | Ascii.hex(b));
                quoted = 0;
                return length;
            } else if (Ascii.hex(first) < 0 && b == '\n') {
                quoted = 0; // Soft line break.
                return length;
            } else if (Ascii.hex(first) < 0 && (b == ' ' || b == '\t' || b == '\r')) {
                quote[1] = b; // Padding between = and the line end is not content.
                return length;
            }
            length = flushQuote(into, length);
            return next(b, into, length);
        }

        private int flushQuote(byte[] into, int from) {
            int length = from;
            for (int i = 0; i < quoted; i++) {
                into[length++] = quote[i];
            }
            quoted = 0;
            return length;
        }

        private int flushSpaces(byte[] into, int from) {
            if (spaced == 0) {
                return from;
            }
            System.arraycopy(spaces, 0, into, from, spaced);
            int length = from + spaced;
            spaced = 0;
            return length;
        }

        @Override
        int last(byte[] into) {
            int length = flushQuote(into, 0);
            return flushSpaces(into, length);
        }
    }
}
