package org.postern.mailstore;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept of a content besides its body, as stored; null where it was not read. Never changes: it may be shared. */
@SuppressWarnings("ArrayRecordComponent") // Lent, never compared.
record ParsedParts(
        byte @Nullable [] header,
        byte @Nullable [] envelope,
        byte @Nullable [] structure,
        @Nullable String preview) {
    static ParsedParts of(
            Optional<byte[]> header, Optional<byte[]> envelope, Optional<byte[]> structure, Optional<String> preview) {
        return new ParsedParts(
                header.orElse(null), envelope.orElse(null), structure.orElse(null), preview.orElse(null));
    }

    boolean has(ContentPart part) {
        return switch (part) {
            case HEADER -> header != null;
            case ENVELOPE -> envelope != null;
            case STRUCTURE -> structure != null;
            case PREVIEW -> preview != null;
            case SAVED, BYTES -> false;
        };
    }

    /** What either has read. */
    ParsedParts and(ParsedParts other) {
        return new ParsedParts(
                header != null ? header : other.header,
                envelope != null ? envelope : other.envelope,
                structure != null ? structure : other.structure,
                preview != null ? preview : other.preview);
    }

    int bytes() {
        return length(header) + length(envelope) + length(structure) + (preview == null ? 0 : 2 * preview.length());
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
