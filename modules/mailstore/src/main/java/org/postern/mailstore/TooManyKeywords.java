package org.postern.mailstore;

/**
 * Nothing was changed: the folder, or one message, would have more different keywords than {@code max} (RFC 5530 §3
 * LIMIT).
 */
public record TooManyKeywords(int max) implements NotStored, StoreOutcome {}
