package org.postern.mailstore;

/** The mailbox has no folder of that name; the client may CREATE it and try again (RFC 9051 §7.1 TRYCREATE). */
public record NoSuchFolder() implements NotStored, DeleteOutcome, RenameOutcome {}
