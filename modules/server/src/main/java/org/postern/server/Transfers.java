package org.postern.server;

import java.io.IOException;
import java.nio.file.Path;
import org.postern.database.Database;
import org.postern.database.Notifications;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.Imports;
import org.postern.mailstore.Pop3View;
import org.postern.mailstore.Subscriptions;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.transfer.Exporter;
import org.postern.transfer.Importer;

/** Import and export, wired for one command; servers that run hear of what it changes. */
public final class Transfers implements AutoCloseable {
    private final Notifications notifications;
    private final FolderFeed feed;
    private final Imports imports;
    private final Importer importer;
    private final Exporter exporter;
    private final Path data;

    Transfers(Database database, Path data) {
        this.data = data;
        this.notifications = database.listen();
        this.feed = new FolderFeed(database, notifications, FeedSettings.DEFAULT);
        var tree = new FolderTree(database, feed);
        var store = new FolderStore(database, feed);
        this.imports = new Imports(database, feed);
        this.importer = new Importer(tree, store, new Subscriptions(database, feed), imports);
        this.exporter = new Exporter(tree, feed, new Contents(database), new Pop3View(database, store));
    }

    public Importer importer() {
        return importer;
    }

    public Exporter exporter() {
        return exporter;
    }

    public Imports imports() {
        return imports;
    }

    /** @throws IOException when the data folder cannot be written */
    public SpoolSettings spools() throws IOException {
        return SpoolFolder.in(data, SpoolMemory.NONE);
    }

    @Override
    public void close() {
        feed.close();
        notifications.close();
    }
}
