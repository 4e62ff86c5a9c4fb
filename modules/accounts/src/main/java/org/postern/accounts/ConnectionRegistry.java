package org.postern.accounts;

/** This node's live connections. */
public final class ConnectionRegistry implements AutoCloseable {
    void release(Access access) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
