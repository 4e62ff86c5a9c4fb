package org.postern.net;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What the client is sent, blocking. Small writes gather in a buffer until {@link #flush()} (or {@link Connection#await});
 * large ones pass through without a copy. A client that takes nothing for {@link NetLimits#slowReader} is closed
 * ({@link SlowReader}). Session's thread only.
 */
public final class Output extends OutputStream {
    Output() {}

    @Override
    public void write(int b) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The array may be changed afterwards. */
    @Override
    public void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Characters of ASCII; others become '?'. */
    public void writeAscii(CharSequence text) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Sends what is gathered; does not wait for the client to take it. */
    @Override
    public void flush() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Flushes: the connection itself is closed by {@link Connection#close()}. */
    @Override
    public void close() throws IOException {
        flush();
    }
}
