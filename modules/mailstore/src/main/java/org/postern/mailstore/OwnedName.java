package org.postern.mailstore;

import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Rights;

/**
 * A folder's name in the mailbox that owns it, there or not.
 *
 * @param rights of whoever asked
 */
public record OwnedName(MailboxId owner, FolderName name, Rights rights) {}
