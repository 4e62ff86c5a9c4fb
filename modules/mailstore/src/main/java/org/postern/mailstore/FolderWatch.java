package org.postern.mailstore;

/** One session's interest in a folder: keeps its snapshot at hand and hears of changes. */
public final class FolderWatch implements AutoCloseable {
    /** The newest known snapshot; reads the change log when another node changed the folder. */
    public FolderSnapshot snapshot() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
