package org.postern.transfer;

import org.postern.model.FolderName;
import org.postern.model.UidValidity;

/**
 * A folder on its way out.
 *
 * @param uidNext above every UID of it
 */
public record ExportedFolder(FolderName name, boolean subscribed, UidValidity uidValidity, long uidNext) {}
