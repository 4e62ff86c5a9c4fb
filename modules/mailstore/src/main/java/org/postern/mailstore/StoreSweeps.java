package org.postern.mailstore;

import org.postern.database.Database;

/** Deletes in small batches what nobody needs any more, on one node at a time. */
public final class StoreSweeps implements AutoCloseable {
    /** What one sweep deleted. */
    public record Swept(int contents, int messages, int folders, int changes) {}

    public StoreSweeps(Database database, SweepSettings settings) {}

    /** Sweeps at the settings' interval from now on. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /** One sweep now, batch by batch, unless another node is at it. */
    public Swept sweep() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
