package org.postern.mime;

/** The stored form of envelopes and structures: compact, first byte the version. */
@SuppressWarnings("DoNotCallSuggester") // Bodies land next.
public final class MessageCodec {
    private MessageCodec() {}

    public static byte[] encode(Envelope envelope) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException when the bytes were not written by {@link #encode(Envelope)} */
    public static Envelope decodeEnvelope(byte[] bytes) {
        throw new UnsupportedOperationException();
    }

    public static byte[] encode(Structure structure) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException when the bytes were not written by {@link #encode(Structure)} */
    public static Structure decodeStructure(byte[] bytes) {
        throw new UnsupportedOperationException();
    }
}
