package org.postern.mailstore;

/** The mailbox would have more than {@code max} folders (RFC 5530 §3 LIMIT). */
public record TooManyFolders(int max) implements CreateOutcome, RenameOutcome {}
