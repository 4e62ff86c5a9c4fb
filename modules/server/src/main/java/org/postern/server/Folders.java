package org.postern.server;

import org.postern.database.Database;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.VisibleFolders;

/** Folders of mailboxes, who may do what in them, and who sees them; whoever uses one hears of changes. */
record Folders(FolderTree tree, FolderAcls acls, VisibleFolders visible) {
    static Folders over(Database database, FolderFeed feed) {
        var tree = new FolderTree(database, feed);
        return new Folders(tree, new FolderAcls(database, feed), new VisibleFolders(database, tree));
    }
}
