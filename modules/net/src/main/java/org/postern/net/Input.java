package org.postern.net;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What the client sends, blocking. Every wait is bounded by {@link NetLimits#slowInput} ({@link SlowInput}) and throws
 * {@link PeerGone} at the end of the stream. Wait for a command's first byte with {@link Connection#await}. Session's
 * thread only.
 */
public final class Input {
    Input() {}

    /** The next byte, 0 to 255. Cheap: made for parsers that go byte by byte. */
    public int read() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The byte that {@link #read()} will return. */
    public int peek() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** At least one byte, at most {@code length}, as many as are there. @return how many */
    public int read(byte[] into, int offset, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * One line as it came, up to and including its LF: bare CRs, bare LFs and NULs are the caller's to judge. The whole line
     * has {@link NetLimits#slowInput} to arrive.
     *
     * @param maxBytes with the line end
     * @throws LineTooLong when no LF is among the first {@code maxBytes}; they are consumed, {@link #skipLine} drops the rest
     */
    public byte[] readLine(int maxBytes) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Drops everything up to and including the next LF. @throws LineTooLong after {@code maxBytes} without one */
    public void skipLine(long maxBytes) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Moves exactly {@code bytes} into {@code to} as they come, never holding more than the inbox in memory. */
    public void transfer(long bytes, OutputStream to) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Drops exactly {@code bytes}. */
    public void skip(long bytes) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Lends the bytes at hand, at least one, to {@code scanner}. @return how many it took */
    public int scan(ByteScanner scanner) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Whether a read would not wait: a pipelined command, or bytes sent too early. */
    public boolean hasBufferedBytes() {
        throw new UnsupportedOperationException();
    }
}
