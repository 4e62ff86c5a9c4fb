package org.postern.smtp.message;

/** What the bytes of a message were found to be while they came in. */
public interface MessageReader {
    /** Of all lines, without line end. */
    long longestLine();

    boolean hasNul();

    /** Whether a CR or an LF stood alone (RFC 5321 §2.3.8). */
    boolean hasBareLineEnd();

    /** Takes the message's bytes. */
    @FunctionalInterface
    interface Sink {
        void take(byte[] bytes, int offset, int length);
    }
}
