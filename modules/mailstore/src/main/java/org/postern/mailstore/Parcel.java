package org.postern.mailstore;

import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/** One message for one folder of a mailbox; parcels to several mailboxes may share the message. */
public record Parcel(MailboxId mailbox, FolderName folder, NewMessage message, StorageLimit limit) {}
