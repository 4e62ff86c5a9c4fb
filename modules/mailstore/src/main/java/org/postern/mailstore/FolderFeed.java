package org.postern.mailstore;

import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.model.FolderId;

/** This node's snapshots of folders in use, who watches them, and the news between the nodes. */
public final class FolderFeed implements AutoCloseable {
    public FolderFeed(Database database, Notifications notifications, FeedSettings settings) {}

    /**
     * @param changed called after the folder changed, by any thread, several changes at once; must not block and must not
     *     call back into the feed
     */
    public FolderWatch watch(FolderId folder, Runnable changed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
