package org.postern.mailstore;

/** What {@link Contents#messages} reads of each message. */
public enum ContentPart {
    ENVELOPE,
    STRUCTURE,
    /** The header, of which the first {@value Contents#MAX_HEADER_BYTES} bytes are kept ready. */
    HEADER,
    PREVIEW,
    /** When the message came into its folder (RFC 8514 §2). */
    SAVED,
    /** The whole message: small ones come along in batches, large ones are streamed when written out. */
    BYTES
}
