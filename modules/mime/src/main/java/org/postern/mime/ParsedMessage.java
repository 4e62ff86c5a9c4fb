package org.postern.mime;

/**
 * What is known of one message from its bytes alone; computed once, when it arrives.
 *
 * @param size bytes
 * @param headerSize bytes of the header, the blank line after it included where there is one
 * @param structure the message's own body; its extent's {@code headerStart} is 0 and {@code bodyStart} is {@code headerSize}
 * @param preview readable text, at most {@value #PREVIEW_CHARACTERS} code points, one line (RFC 8970 §3)
 */
public record ParsedMessage(long size, int headerSize, Envelope envelope, Structure structure, String preview) {
    /** RFC 8970 §3.1 asks for 200 and forbids more than 256. */
    public static final int PREVIEW_CHARACTERS = 200;
}
