package org.postern.mailstore;

/**
 * What a mailbox holds over all its folders, as its limit counts it.
 *
 * @param bytes a message counts its size once for each folder it is in
 */
public record MailboxUsage(long bytes, long messages) {}
