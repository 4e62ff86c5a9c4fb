package org.postern.transfer;

import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;

/**
 * What one import is to do.
 *
 * @param limit what the mailbox may hold
 * @param keepUids whether new folders get the source's UIDVALIDITY and UIDs
 * @param spools bounds one message
 */
public record ImportSettings(MailboxId mailbox, StorageLimit limit, boolean keepUids, SpoolSettings spools) {}
