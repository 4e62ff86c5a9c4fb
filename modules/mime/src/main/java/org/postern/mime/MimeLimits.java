package org.postern.mime;

/**
 * The bounds of parsing one message. None of them refuses a message or loses a byte of it: they decide how much is understood.
 *
 * @param depth how deep parts may nest; a multipart or message/rfc822 that would hold parts deeper is application/octet-stream
 * @param parts how many parts one message may have; further delimiter lines are content of the last part
 * @param headerBytes the longest header; the lines that would pass it, and all after them, belong to the body
 * @param fieldBytes how much of one header field is read; the rest of its value is not seen
 * @param parameters how many parameters of one field are kept; the rest are not seen
 * @param addresses how many addresses of one field the envelope keeps; the rest are not seen
 * @param references how many message ids the envelope keeps: the first one and the newest
 * @param boundaryBytes the longest multipart boundary; a multipart with a longer one (RFC 2046 §5.1.1 allows 70) has none
 * @param keptBytes text of all envelopes and structures of one message; once used up, further fields count as absent
 * @param previewBytes how many bytes of the text part are read to make the preview
 */
public record MimeLimits(
        int depth,
        int parts,
        int headerBytes,
        int fieldBytes,
        int parameters,
        int addresses,
        int references,
        int boundaryBytes,
        int keptBytes,
        int previewBytes) {

    public static final MimeLimits DEFAULT =
            new MimeLimits(100, 10_000, 1024 * 1024, 256 * 1024, 100, 5_000, 200, 250, 2 * 1024 * 1024, 64 * 1024);

    public MimeLimits {
        if (depth < 1
                || parts < 1
                || headerBytes < 1
                || fieldBytes < 1
                || parameters < 0
                || addresses < 0
                || references < 2
                || boundaryBytes < 1
                || boundaryBytes > 1000
                || keptBytes < 0
                || previewBytes < 0) {
            throw new IllegalArgumentException("MIME limits out of range");
        }
    }
}
