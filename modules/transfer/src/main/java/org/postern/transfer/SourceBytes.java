package org.postern.transfer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A source's bytes, whose failures can be told from those of our own disk. */
final class SourceBytes extends FilterInputStream {
    /** The source does not give the bytes it has promised. */
    static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        Unreadable(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private SourceBytes(InputStream in) {
        super(in);
    }

    /** @throws Unreadable when the source does not have it any more */
    static SourceBytes of(SourceMessage message) throws IOException {
        try {
            return new SourceBytes(message.open());
        } catch (SourceGone e) {
            throw e;
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (SourceGone e) {
            throw e;
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            return in.read(into, offset, length);
        } catch (SourceGone e) {
            throw e;
        } catch (IOException e) {
            throw new Unreadable(e);
        }
    }
}
