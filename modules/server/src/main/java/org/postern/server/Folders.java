package org.postern.server;

import org.postern.database.Database;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.FolderAcls;

/** Folders of mailboxes, and who may do what in them; whoever uses one hears of changes. */
record Folders(FolderTree tree, FolderAcls acls) {
    static Folders over(Database database, FolderFeed feed) {
        return new Folders(new FolderTree(database, feed), new FolderAcls(database, feed));
    }
}
