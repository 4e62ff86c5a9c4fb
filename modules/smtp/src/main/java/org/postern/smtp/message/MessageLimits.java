package org.postern.smtp.message;

/**
 * Every bound of one message that comes in.
 *
 * @param maxBytes of what the client sends
 * @param headerBytes the longest header
 * @param textLine the longest line, without its line end
 * @param drainBytes how much of a message that is too big is read past before the connection is closed
 */
public record MessageLimits(long maxBytes, int headerBytes, int textLine, long drainBytes) {
    /** Bytes after which there is no reading on. */
    public long mostRead() {
        return maxBytes + drainBytes;
    }
}
