package org.postern.server;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.database.Database;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;

/**
 * The folders for one command, opened when it first asks for them: most commands never do. Servers that run hear of what it
 * changes. Its thread only.
 */
final class FoldersOnDemand implements Supplier<Folders> {
    private final Database database;
    private final StopOrder stops;
    private @Nullable Folders folders;

    /** @param stops what is opened is added to it */
    FoldersOnDemand(Database database, StopOrder stops) {
        this.database = database;
        this.stops = stops;
    }

    @Override
    public Folders get() {
        if (folders == null) {
            var notifications = stops.add("notifications", database.listen());
            var feed = stops.add("folder feed", new FolderFeed(database, notifications, FeedSettings.DEFAULT));
            folders = Folders.over(database, feed);
        }
        return folders;
    }
}
