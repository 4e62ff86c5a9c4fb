package org.postern.imap.view;

import java.util.function.Supplier;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderName;
import org.postern.model.Rights;

/**
 * A folder that a client looks into.
 *
 * @param name by which it knows it
 * @param rights to it when it opened it
 * @param now what they are by now; asks the database where the folder is somebody else's
 */
public record Place(FolderName name, Rights rights, Supplier<Rights> now) {
    /** For a look that is over before they change. */
    public static Place of(VisibleFolder folder) {
        return new Place(folder.name(), folder.rights(), folder::rights);
    }
}
