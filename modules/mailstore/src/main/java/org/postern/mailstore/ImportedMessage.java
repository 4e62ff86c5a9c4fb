package org.postern.mailstore;

import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.Uid;

/**
 * A message that was brought before; it may be gone since.
 *
 * @param seen the flags that the source had when it was last looked at
 */
public record ImportedMessage(FolderId folder, Uid uid, Flags seen) {}
