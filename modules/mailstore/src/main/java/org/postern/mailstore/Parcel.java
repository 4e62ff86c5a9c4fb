package org.postern.mailstore;

import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/** One message for one mailbox's INBOX; parcels to several mailboxes may share the message. */
public record Parcel(MailboxId mailbox, NewMessage message, StorageLimit limit) {}
