package org.postern.mailstore;

/**
 * Nothing was stored: the mailbox would hold more than its plan allows (RFC 9208 §4.1.5 OVERQUOTA).
 *
 * @param used bytes held now
 * @param max bytes allowed
 */
public record OverQuota(long used, long max) implements AppendOutcome, CopyOutcome, ReplaceOutcome {}
